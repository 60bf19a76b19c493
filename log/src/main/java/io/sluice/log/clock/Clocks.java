package io.sluice.log.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What a broker knows of the time. A clock on the wall is set, now and then, by an hour or by
 * years; nobody's message is to come back early for it, or late, or be deleted.
 *
 * @param wall what people and programs elsewhere take for the time: records are stamped with it
 * @param steady what deadlines go by
 * @param cautious what decides whether something is old enough to be deleted: never later than the
 *     wall's, and one that has gone ahead is believed after a day
 */
public record Clocks(InstantSource wall, SteadyClock steady, InstantSource cautious) {

  /** For how long a clock must have been ahead before anything is deleted because of it. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  /** Those of this machine. */
  public static Clocks system() {
    return of(InstantSource.system(), new ElapsedTime());
  }

  /**
   * Those of a machine with such clocks.
   *
   * @param elapsed runs evenly, from any beginning
   */
  public static Clocks of(InstantSource wall, InstantSource elapsed) {
    return new Clocks(wall, new SteadyClock(elapsed), new CautiousClock(wall, elapsed, PATIENCE));
  }

  /** One clock for everything, for tests. */
  public static Clocks of(InstantSource clock) {
    return new Clocks(clock, new SteadyClock(clock), clock);
  }

  /** These, with a steady clock of its own for somebody who recovers while others go by it. */
  public Clocks apart() {
    return new Clocks(wall, new SteadyClock(steady), cautious);
  }

  /** What the steady clock says when the wall's says {@code wallMillis}; ms since the epoch. */
  public long steadyMillis(long wallMillis) {
    return wallMillis - aheadMillis();
  }

  /** What the wall's clock says when the steady one says so. */
  public Instant wallTime(Instant steadyTime) {
    return steadyTime.plusMillis(aheadMillis());
  }

  /** A millisecond may pass between two looks: that is no difference. */
  private long aheadMillis() {
    long steadyNow = steady.millis();
    long ahead = wall.millis() - steadyNow;
    return Math.abs(ahead) <= 1 ? 0 : ahead;
  }
}
