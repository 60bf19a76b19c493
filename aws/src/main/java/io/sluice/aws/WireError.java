package io.sluice.aws;

import org.jspecify.annotations.Nullable;

/**
 * An error as a client sees it.
 *
 * @param shape what the JSON protocols send as {@code __type}
 * @param code what the Query protocol sends, and {@code x-amzn-query-error}
 * @param status the HTTP status; from 500 on the fault is ours
 */
record WireError(String shape, String code, int status, String message) {

  /** The namespace of the errors that Amazon's front ends send for every service. */
  static final String CORAL = "com.amazon.coral.service#";

  static final WireError INTERNAL_FAILURE =
      new WireError(
          CORAL + "InternalFailure",
          "InternalFailure",
          500,
          "The request processing has failed because of an unknown error, exception or failure.");

  static final WireError UNAVAILABLE =
      new WireError(
          CORAL + "ServiceUnavailable",
          "ServiceUnavailable",
          503,
          "The request has failed because the server is shutting down.");

  /** More large requests or answers are in flight than there is memory for; SDKs try again. */
  static final WireError BUSY =
      UNAVAILABLE.withMessage("The request has failed because the server is busy.");

  /** A JSON body that is no JSON, or does not fit the operation. */
  static WireError serialization(String message) {
    return new WireError(CORAL + "SerializationException", "SerializationException", 400, message);
  }

  /** Query parameters that do not fit the operation. */
  static WireError malformedInput(String message) {
    return new WireError(CORAL + "MalformedInput", "MalformedInput", 400, message);
  }

  /** A query string or form that cannot be parsed. */
  static WireError malformedQueryString(String message) {
    return new WireError(CORAL + "MalformedQueryString", "MalformedQueryString", 400, message);
  }

  /** An action that the service, or no service here, has. */
  static WireError invalidAction(String message) {
    return new WireError(CORAL + "UnknownOperationException", "InvalidAction", 400, message);
  }

  /** What HTTP itself rules out, by its status. */
  static WireError http(int status, @Nullable String message) {
    return status == 413
        ? tooLarge(HttpLimits.MAX_BODY_BYTES)
        : new WireError(
            CORAL + "InvalidHttpRequest",
            "InvalidHttpRequest",
            status,
            message == null ? "This is no valid HTTP request." : message);
  }

  /** A body over the limit. */
  static WireError tooLarge(long limitBytes) {
    return new WireError(
        CORAL + "RequestEntityTooLargeException",
        "RequestEntityTooLarge",
        413,
        "The request must be no longer than " + limitBytes + " bytes.");
  }

  /** A request that a web page made, or something else that is refused unread. */
  static WireError forbidden(String message) {
    return new WireError(CORAL + "AccessDeniedException", "AccessDenied", 403, message);
  }

  WireError withMessage(String newMessage) {
    return new WireError(shape, code, status, newMessage);
  }

  boolean isSenderFault() {
    return status < 500;
  }

  /** Ends the handling of a request with this error. */
  RequestRejected rejection() {
    return new RequestRejected(this);
  }

  /** Carries an error up to where the request is answered. */
  static final class RequestRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WireError error;

    private RequestRejected(WireError error) {
      super(error.code() + ": " + error.message(), null, false, false);
      this.error = error;
    }

    WireError error() {
      return error;
    }
  }
}
