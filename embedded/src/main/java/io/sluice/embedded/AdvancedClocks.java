package io.sluice.embedded;

import io.sluice.log.clock.Clocks;
import io.sluice.log.clock.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that run as another does, ahead of it by what they were moved. Safe for many threads. */
final class AdvancedClocks {

  private final AtomicLong aheadMillis = new AtomicLong();
  private final Clocks clocks;

  AdvancedClocks(InstantSource clock) {
    Clocks behind = clock.equals(InstantSource.system()) ? Clocks.system() : Clocks.of(clock);
    this.clocks =
        new Clocks(
            new Advanced(behind.wall(), aheadMillis),
            new SteadyClock(new Advanced(behind.steady(), aheadMillis)),
            new Advanced(behind.cautious(), aheadMillis));
  }

  private record Advanced(InstantSource behind, AtomicLong aheadMillis) implements InstantSource {

    @Override
    public Instant instant() {
      return behind.instant().plusMillis(aheadMillis.get());
    }

    @Override
    public long millis() {
      return behind.millis() + aheadMillis.get();
    }
  }

  Clocks clocks() {
    return clocks;
  }

  /** Moves them on; never back. */
  void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + by);
    }
    aheadMillis.addAndGet(by.toMillis());
  }
}
