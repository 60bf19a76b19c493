package io.sluice.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves. Begins at the real time, as Kafka's log has the real time too. */
final class FakeClock implements InstantSource {

  private volatile Instant now = Instant.ofEpochMilli(System.currentTimeMillis());

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
