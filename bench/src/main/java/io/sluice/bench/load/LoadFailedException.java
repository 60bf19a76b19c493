package io.sluice.bench.load;

/** A system did not answer as it must, so that what was measured is worth nothing. */
public final class LoadFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LoadFailedException(String message) {
    super(message);
  }
}
