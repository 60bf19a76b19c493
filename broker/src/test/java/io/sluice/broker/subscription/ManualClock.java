package io.sluice.broker.subscription;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** A clock that stands still until it is moved. Safe for use by many threads. */
final class ManualClock implements InstantSource {

  private volatile Instant now;

  /** Begins at the real time, since retention of a log on disk goes by that. */
  ManualClock() {
    this(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  ManualClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
