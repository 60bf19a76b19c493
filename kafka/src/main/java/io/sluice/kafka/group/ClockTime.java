package io.sluice.kafka.group;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** The broker's clock as Kafka's libraries want it; waiting goes by the system's clock. */
final class ClockTime implements Time {

  private final InstantSource clock;

  ClockTime(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public long milliseconds() {
    return clock.millis();
  }

  @Override
  public long nanoseconds() {
    return System.nanoTime();
  }

  @Override
  public void sleep(long ms) {
    Time.SYSTEM.sleep(ms);
  }

  @Override
  public void waitObject(Object lock, Supplier<Boolean> condition, long deadlineMs)
      throws InterruptedException {
    Time.SYSTEM.waitObject(lock, condition, deadlineMs);
  }
}
