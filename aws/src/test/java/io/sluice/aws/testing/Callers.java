package io.sluice.aws.testing;

import io.sluice.aws.CallContext;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Callers from elsewhere. */
public final class Callers {

  private Callers() {}

  /** One who calls through a listener. */
  public static CallContext of(String account, String region, String endpoint) {
    return of(account, region, endpoint, new CompletableFuture<>());
  }

  /** One who may go away. */
  public static CallContext of(
      String account, String region, String endpoint, CompletableFuture<Void> abandoned) {
    return new CallContext(
        account, region, URI.create(endpoint), "id", Optional.empty(), abandoned);
  }
}
