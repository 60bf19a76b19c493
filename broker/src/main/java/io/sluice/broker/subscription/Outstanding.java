package io.sluice.broker.subscription;

import java.util.Comparator;

/**
 * A record that the cursor has passed and nobody has acknowledged; immutable.
 *
 * @param cursor the partition's cursor
 * @param offset the record's offset
 * @param deadline when it is available (again), ms since the epoch
 * @param receiveCount how often it was received; 0 for one that is delayed
 * @param firstReceived when it was received first, ms since the epoch; 0 if never
 * @param attempt the number of its latest receipt; 0 if never received
 */
record Outstanding(
    PartitionCursor cursor,
    long offset,
    long deadline,
    int receiveCount,
    long firstReceived,
    long attempt) {

  static final Comparator<Outstanding> BY_DEADLINE =
      (one, other) -> {
        int byDeadline = Long.compare(one.deadline, other.deadline);
        int byCursor =
            byDeadline != 0
                ? byDeadline
                : Integer.compare(one.cursor.ordinal(), other.cursor.ordinal());
        return byCursor != 0 ? byCursor : Long.compare(one.offset, other.offset);
      };

  /** Within one cursor. */
  static final Comparator<Outstanding> BY_OFFSET =
      (one, other) -> Long.compare(one.offset, other.offset);

  /** One that was never received. */
  static Outstanding at(PartitionCursor cursor, long offset) {
    return new Outstanding(cursor, offset, 0, 0, 0, 0);
  }

  Outstanding acquired(long now, long newDeadline, long newAttempt) {
    return new Outstanding(
        cursor,
        offset,
        newDeadline,
        receiveCount + 1,
        receiveCount == 0 ? now : firstReceived,
        newAttempt);
  }

  Outstanding until(long newDeadline) {
    return new Outstanding(cursor, offset, newDeadline, receiveCount, firstReceived, attempt);
  }

  /** Whether it was received, and that was the last time. */
  boolean isLatest(long candidate) {
    return !delayed() && attempt == candidate;
  }

  boolean delayed() {
    return receiveCount == 0;
  }
}
