package io.sluice.broker.subscription;

import org.apache.kafka.common.errors.KafkaStorageException;

/** What a disk in memory still takes. Safe for use by many threads. */
final class Room {

  /** How many writes; any number when negative. */
  private int left = -1;

  /** After {@code writes} more, each is refused. */
  synchronized void refuseAfter(int writes) {
    left = writes;
  }

  /** Refuses nothing any more. */
  synchronized void acceptAgain() {
    left = -1;
  }

  /**
   * A write begins.
   *
   * @throws KafkaStorageException it is refused, and nothing of it stays
   */
  synchronized void take(Object by) {
    if (left == 0) {
      throw new KafkaStorageException("there is no room for " + by);
    }
    left -= left > 0 ? 1 : 0;
  }
}
