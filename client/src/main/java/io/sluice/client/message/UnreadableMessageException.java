package io.sluice.client.message;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A message holds no records: it is no packed batch where one was expected, or a damaged one, or
 * its payload is not where it says.
 */
public final class UnreadableMessageException extends SerializationException {

  private static final long serialVersionUID = 1;

  public UnreadableMessageException(String message, Throwable cause) {
    super(message, cause);
  }

  public UnreadableMessageException(String message) {
    super(message);
  }
}
