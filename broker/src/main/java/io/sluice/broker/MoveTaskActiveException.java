package io.sluice.broker;

/** A queue has an active move task already. */
public final class MoveTaskActiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MoveTaskActiveException(String message) {
    super(message);
  }
}
