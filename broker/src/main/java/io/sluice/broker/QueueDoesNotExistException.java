package io.sluice.broker;

/** There is no queue of that name, or no longer. */
public final class QueueDoesNotExistException extends RuntimeException {

  /** A message that names the queue or the limit. */
  public QueueDoesNotExistException(String message) {
    super(message);
  }
}
