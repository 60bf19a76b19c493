package io.sluice.broker;

/**
 * A source's filter was changed so often that too many filters would have to be kept for what its
 * queue has not received yet.
 */
public final class FilterLimitExceededException extends RuntimeException {

  /** A message that names the limit. */
  public FilterLimitExceededException(String message) {
    super(message);
  }
}
