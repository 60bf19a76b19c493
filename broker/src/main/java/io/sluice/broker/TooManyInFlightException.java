package io.sluice.broker;

/** The queue has as many messages in flight as it may have. */
public final class TooManyInFlightException extends RuntimeException {

  /** A message that names the queue or the limit. */
  public TooManyInFlightException(String message) {
    super(message);
  }
}
