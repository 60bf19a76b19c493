package io.sluice.bench.load;

import java.time.Duration;

/**
 * When a load ends, whichever comes first. What is under way then is still awaited and counted.
 *
 * @param duration since the first request
 * @param units that are finished
 */
public record Limit(Duration duration, long units) {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Ends after a time. */
  public static Limit duration(Duration duration) {
    return new Limit(duration, Long.MAX_VALUE);
  }

  /** Ends after so many units, and in any case after ten minutes. */
  public static Limit units(long units) {
    return new Limit(PATIENCE, units);
  }
}
