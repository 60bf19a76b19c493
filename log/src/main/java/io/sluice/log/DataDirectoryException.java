package io.sluice.log;

/**
 * The data folder cannot be used: not writable, or locked by another process. The message says
 * which.
 */
public final class DataDirectoryException extends RuntimeException {

  /** A message for the person who started the process. */
  public DataDirectoryException(String message) {
    super(message);
  }

  /** A message for the person who started the process, and what caused it. */
  public DataDirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
