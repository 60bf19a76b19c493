package io.sluice.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that runs as another does, ahead of it by what it was moved. Safe for many threads. */
final class AdvancedClock implements InstantSource {

  private final InstantSource behind;
  private final AtomicLong aheadMillis = new AtomicLong();

  AdvancedClock(InstantSource behind) {
    this.behind = behind;
  }

  @Override
  public Instant instant() {
    return behind.instant().plusMillis(aheadMillis.get());
  }

  @Override
  public long millis() {
    return behind.millis() + aheadMillis.get();
  }

  /** Moves it on; never back. */
  void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + by);
    }
    aheadMillis.addAndGet(by.toMillis());
  }
}
