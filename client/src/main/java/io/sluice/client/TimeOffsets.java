package io.sluice.client;

import java.time.Instant;
import java.util.Optional;

/**
 * Offsets that stand for a time, and are good for {@code seek} only: beyond every offset that comes
 * from a sequence number.
 */
final class TimeOffsets {

  private static final long MARK = 1L << 62;

  private TimeOffsets() {}

  /**
   * The offset for a time.
   *
   * @param millis since the epoch, 0 or more
   */
  static long offset(long millis) {
    if (millis < 0) {
      throw new IllegalArgumentException("The target time cannot be negative: " + millis);
    }
    return MARK | millis;
  }

  /** The time of such an offset. */
  static Optional<Instant> time(long offset) {
    return (offset & MARK) == 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(offset & ~MARK));
  }
}
