package io.sluice.broker.deduplication;

/** More deduplication ids in five minutes than the broker has memory for; later there is again. */
public final class TooManyRecentIdsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyRecentIdsException(String message) {
    super(message);
  }
}
