package io.sluice.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A clock that stands still until somebody moves it. Safe for use by many threads. */
final class SteppedTime implements Time {

  private final AtomicLong now = new AtomicLong(1_750_000_000_000L);

  void advance(long millis) {
    now.addAndGet(millis);
  }

  @Override
  public long milliseconds() {
    return now.get();
  }

  @Override
  public long nanoseconds() {
    return TimeUnit.MILLISECONDS.toNanos(now.get());
  }

  @Override
  public void sleep(long millis) {
    throw new UnsupportedOperationException("nobody should sleep");
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException("nobody should wait");
  }
}
