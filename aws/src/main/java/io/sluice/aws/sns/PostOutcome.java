package io.sluice.aws.sns;

/** What became of one attempt to post a message. */
sealed interface PostOutcome {

  /** The endpoint has it. */
  record Delivered() implements PostOutcome {}

  /** Worth another attempt: the endpoint is not there, too slow, too busy or broken. */
  record Failed(String reason) implements PostOutcome {}

  /** Not worth another: the endpoint does not want it, or may not be called. */
  record Refused(String reason) implements PostOutcome {}

  /**
   * What a status means: of all errors, those of the server and "too many requests" are tried again
   * (Amazon's "Amazon SNS message delivery retries").
   */
  static PostOutcome ofStatus(int status) {
    if (status >= 200 && status < 300) {
      return new Delivered();
    }
    return status >= 500 || status == 429
        ? new Failed("it answered " + status)
        : new Refused("it answered " + status);
  }
}
