package io.sluice.broker;

import java.time.Duration;
import java.util.Optional;

/**
 * A message for a queue's inbox.
 *
 * @param record what to append
 * @param delay how long it stays hidden from receivers; a FIFO queue has its own instead
 * @param deduplicationId of a message for a FIFO queue; a standard queue ignores it
 */
public record NewMessage(NewRecord record, Duration delay, Optional<String> deduplicationId) {

  /** A message for a standard queue. */
  public NewMessage(NewRecord record, Duration delay) {
    this(record, delay, Optional.empty());
  }
}
