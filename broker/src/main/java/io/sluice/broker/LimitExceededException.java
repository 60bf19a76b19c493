package io.sluice.broker;

/** One of the broker's limits, which the message names, is reached. */
public final class LimitExceededException extends RuntimeException {

  /** A message that names the queue or the limit. */
  public LimitExceededException(String message) {
    super(message);
  }
}
