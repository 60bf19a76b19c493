package io.sluice.aws;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Who calls, and how the caller reached us. The listener binds one to the thread of each call; a
 * caller in the same process needs none and gets defaults.
 *
 * @param accountId twelve digits
 * @param region the one the request was signed for; it goes into ARNs
 * @param endpoint scheme, host and port as the client addressed them, without a trailing slash;
 *     queue URLs are built on it
 * @param requestId given to this request alone
 * @param accessKeyId from the request's signature, which is not verified
 * @param abandoned completes when nobody waits for the answer any more, because the client has gone
 *     or the listener closes; a call that waits should end then. Completed by the listener only
 */
public record CallContext(
    String accountId,
    String region,
    URI endpoint,
    String requestId,
    Optional<String> accessKeyId,
    CompletableFuture<Void> abandoned) {

  /** The account unless configured otherwise. */
  public static final String DEFAULT_ACCOUNT_ID = "000000000000";

  /** The region of a request that is not signed. */
  public static final String DEFAULT_REGION = "us-east-1";

  private static final URI DEFAULT_ENDPOINT = URI.create("http://localhost:4566");
  private static final String NO_REQUEST_ID = "00000000-0000-0000-0000-000000000000";

  private static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

  /** The context of the call that this thread serves. */
  public static CallContext current() {
    return CURRENT.isBound() ? CURRENT.get() : inProcess();
  }

  /** Whether this thread serves a caller from elsewhere who did not sign. */
  public static boolean isAnonymous() {
    return CURRENT.isBound() && CURRENT.get().accessKeyId().isEmpty();
  }

  private static CallContext inProcess() {
    return new CallContext(
        DEFAULT_ACCOUNT_ID,
        DEFAULT_REGION,
        DEFAULT_ENDPOINT,
        NO_REQUEST_ID,
        Optional.empty(),
        new CompletableFuture<>());
  }

  /** Runs {@code call} with this context as the current one. */
  public <R, X extends Throwable> R run(ScopedValue.CallableOp<? extends R, X> call) throws X {
    return ScopedValue.where(CURRENT, this).call(call);
  }
}
