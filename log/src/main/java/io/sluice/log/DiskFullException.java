package io.sluice.log;

import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * The disk of the data folder has no room for what was to be written, and nothing of it was. The
 * same may be tried again: it succeeds once there is room.
 */
public final class DiskFullException extends KafkaStorageException {

  private static final long serialVersionUID = 1L;

  DiskFullException(String message) {
    super(message);
  }

  DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
