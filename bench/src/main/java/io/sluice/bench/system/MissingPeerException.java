package io.sluice.bench.system;

/** A system cannot be had or started on this machine. The message says why. */
public final class MissingPeerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MissingPeerException(String message) {
    super(message);
  }

  public MissingPeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
