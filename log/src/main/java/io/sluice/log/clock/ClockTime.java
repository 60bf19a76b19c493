package io.sluice.log.clock;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A clock as Kafka's libraries want it: who waits or measures does so in real time. */
public final class ClockTime implements Time {

  private final InstantSource clock;

  private ClockTime(InstantSource clock) {
    this.clock = clock;
  }

  /** The time that a clock shows. */
  public static Time of(InstantSource clock) {
    return clock.equals(InstantSource.system()) ? Time.SYSTEM : new ClockTime(clock);
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
