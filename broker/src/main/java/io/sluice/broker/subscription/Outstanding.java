package io.sluice.broker.subscription;

import java.util.Comparator;

/**
 * A record that the cursor has passed and nobody has acknowledged; immutable.
 *
 * @param cursor the partition's cursor
 * @param offset the record's offset
 * @param deadline when it is available (again), ms since the epoch
 * @param receiveCount how often it was received; 0 for one that is delayed or held
 * @param firstReceived when it was received first, ms since the epoch; 0 if never
 * @param attempt the number of its latest receipt; 0 if never received
 * @param group its message group, see {@link MessageGroups#of}; in a standard queue 0 if unknown
 */
record Outstanding(
    PartitionCursor cursor,
    long offset,
    long deadline,
    int receiveCount,
    long firstReceived,
    long attempt,
    long group) {

  static final Comparator<Outstanding> BY_DEADLINE =
      (one, other) -> {
        int byDeadline = Long.compare(one.deadline, other.deadline);
        int byCursor =
            byDeadline != 0
                ? byDeadline
                : Integer.compare(one.cursor.ordinal(), other.cursor.ordinal());
        return byCursor != 0 ? byCursor : Long.compare(one.offset, other.offset);
      };

  /** Of several cursors: each cursor's in the order of the log. */
  static final Comparator<Outstanding> BY_POSITION =
      (one, other) -> {
        int byCursor = Integer.compare(one.cursor.ordinal(), other.cursor.ordinal());
        return byCursor != 0 ? byCursor : Long.compare(one.offset, other.offset);
      };

  /** Within one cursor. */
  static final Comparator<Outstanding> BY_OFFSET =
      (one, other) -> Long.compare(one.offset, other.offset);

  /** One that was never received. */
  static Outstanding at(PartitionCursor cursor, long offset) {
    return at(cursor, offset, 0);
  }

  /** One of a message group that was never received. */
  static Outstanding at(PartitionCursor cursor, long offset, long group) {
    return new Outstanding(cursor, offset, 0, 0, 0, 0, group);
  }

  Outstanding acquired(long now, long newDeadline, long newAttempt) {
    return new Outstanding(
        cursor,
        offset,
        newDeadline,
        receiveCount + 1,
        receiveCount == 0 ? now : firstReceived,
        newAttempt,
        group);
  }

  Outstanding until(long newDeadline) {
    return new Outstanding(
        cursor, offset, newDeadline, receiveCount, firstReceived, attempt, group);
  }

  /** Whether it was received, and that was the last time. */
  boolean isLatest(long candidate) {
    return !delayed() && attempt == candidate;
  }

  boolean delayed() {
    return receiveCount == 0;
  }
}
