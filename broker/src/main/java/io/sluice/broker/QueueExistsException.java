package io.sluice.broker;

/** A queue of that name exists. */
public final class QueueExistsException extends RuntimeException {

  /** A message that names the queue or the limit. */
  public QueueExistsException(String message) {
    super(message);
  }
}
