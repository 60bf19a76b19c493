package io.sluice.bench.load;

import java.time.Duration;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What a server's processor time was at each moment of a run. A generator that learns only in the
 * end when its load began finds here what the load cost, without what went before. A thread of its
 * own looks at the time; the moments are kept in a map that is safe for several threads.
 */
final class CpuHistory implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(10);

  private final DoubleSupplier cpuSeconds;
  private final LongSupplier nanoTime;
  private final long originNanos;
  private final ConcurrentSkipListMap<Long, Double> moments = new ConcurrentSkipListMap<>();
  private final Thread thread;

  /**
   * Begins to look.
   *
   * @param cpuSeconds what the server has used since its start
   */
  CpuHistory(DoubleSupplier cpuSeconds) {
    this(cpuSeconds, System::nanoTime, INTERVAL);
  }

  CpuHistory(DoubleSupplier cpuSeconds, LongSupplier nanoTime, Duration interval) {
    this.cpuSeconds = cpuSeconds;
    this.nanoTime = nanoTime;
    this.originNanos = nanoTime.getAsLong();
    look();
    thread = Thread.ofPlatform().daemon().name("cpu-history").start(() -> follow(interval));
  }

  private void follow(Duration interval) {
    try {
      while (true) {
        Thread.sleep(interval);
        look();
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  private void look() {
    moments.put(nanoTime.getAsLong() - originNanos, cpuSeconds.getAsDouble());
  }

  /** What the server has used from {@code ago}, or from the beginning if that is later, to now. */
  double secondsSince(Duration ago) {
    look();
    long then = nanoTime.getAsLong() - originNanos - ago.toNanos();
    Entry<Long, Double> begin = moments.floorEntry(then);
    return moments.lastEntry().getValue()
        - (begin == null ? moments.firstEntry() : begin).getValue();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
