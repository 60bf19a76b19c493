package io.sluice.log;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until somebody moves it. Safe for use by many threads. */
final class SteppedTime implements InstantSource {

  private final AtomicLong now = new AtomicLong(1_750_000_000_000L);

  void advance(long millis) {
    now.addAndGet(millis);
  }

  void advance(Duration duration) {
    advance(duration.toMillis());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now.get());
  }
}
