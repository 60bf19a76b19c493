package io.sluice.client.service;

import java.time.Duration;

/** Durations as {@link System#nanoTime} counts them. */
public final class Nanoseconds {

  /**
   * What nobody waits for: half of what a long counts, so that a time and a duration have a sum and
   * two times a difference. 146 years.
   */
  private static final long FOREVER = Long.MAX_VALUE / 2;

  private static final Duration LONGEST = Duration.ofNanos(FOREVER);

  private Nanoseconds() {}

  /**
   * The nanoseconds of a duration; of one that is longer than a long counts ("for ever" is {@code
   * Long.MAX_VALUE} milliseconds among Kafka's settings) as many as nobody waits for.
   */
  public static long of(Duration duration) {
    if (duration.compareTo(LONGEST) >= 0) {
      return FOREVER;
    }
    return duration.compareTo(LONGEST.negated()) <= 0 ? -FOREVER : duration.toNanos();
  }
}
