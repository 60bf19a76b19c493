package io.sluice.aws;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** One request and its answer, in one protocol. Owned by the thread that serves the request. */
sealed interface Exchange permits JsonExchange, QueryExchange {

  /**
   * What is asked for.
   *
   * @throws WireError.RequestRejected nothing that is served here
   */
  Operation operation();

  /** What the signature says, once the operation is known; null when there is none. */
  @Nullable CredentialScope scope();

  /**
   * The request, with every required member.
   *
   * @throws WireError.RequestRejected it does not fit the operation
   */
  SdkPojo read(Operation operation);

  Reply answer(Operation operation, SdkPojo response);

  Reply error(WireError error);
}
