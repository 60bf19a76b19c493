package io.sluice.aws;

import java.net.URI;
import java.util.Optional;

/**
 * Who calls, and how the caller reached us. The listener binds one to the thread of each call; a
 * caller in the same process needs none and gets {@link #IN_PROCESS}.
 *
 * @param accountId twelve digits
 * @param region the one the request was signed for; it goes into ARNs
 * @param endpoint scheme, host and port as the client addressed them, without a trailing slash;
 *     queue URLs are built on it
 * @param requestId given to this request alone
 * @param accessKeyId from the request's signature, which is not verified
 */
public record CallContext(
    String accountId, String region, URI endpoint, String requestId, Optional<String> accessKeyId) {

  /** The account unless configured otherwise. */
  public static final String DEFAULT_ACCOUNT_ID = "000000000000";

  /** The region of a request that is not signed. */
  public static final String DEFAULT_REGION = "us-east-1";

  /** What a call that did not come through a listener sees. */
  public static final CallContext IN_PROCESS =
      new CallContext(
          DEFAULT_ACCOUNT_ID,
          DEFAULT_REGION,
          URI.create("http://localhost:4566"),
          "00000000-0000-0000-0000-000000000000",
          Optional.empty());

  private static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

  /** The context of the call that this thread serves. */
  public static CallContext current() {
    return CURRENT.orElse(IN_PROCESS);
  }

  /** Runs {@code call} with this context as the current one. */
  public <R, X extends Throwable> R run(ScopedValue.CallableOp<? extends R, X> call) throws X {
    return ScopedValue.where(CURRENT, this).call(call);
  }
}
