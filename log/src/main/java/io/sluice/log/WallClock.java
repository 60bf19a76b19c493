package io.sluice.log;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** Kafka's time with another wall clock: who waits or measures does so in real time. */
final class WallClock implements Time {

  private final InstantSource clock;

  private WallClock(InstantSource clock) {
    this.clock = clock;
  }

  static Time of(InstantSource clock) {
    return clock.equals(InstantSource.system()) ? Time.SYSTEM : new WallClock(clock);
  }

  @Override
  public long milliseconds() {
    return clock.millis();
  }

  @Override
  public long nanoseconds() {
    return Time.SYSTEM.nanoseconds();
  }

  @Override
  public void sleep(long millis) {
    Time.SYSTEM.sleep(millis);
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
      throws InterruptedException {
    Time.SYSTEM.waitObject(
        object, condition, deadlineMillis - milliseconds() + Time.SYSTEM.milliseconds());
  }
}
