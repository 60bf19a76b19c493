package io.sluice.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one reader wait for news from any of several partitions. Watch the partitions first, then
 * look at them, then {@link #await}: an advance after the look is never missed. Owned by the thread
 * that waits, but for {@link #wake()}.
 */
public final class ReadSignal implements AutoCloseable {

  private final Semaphore news = new Semaphore(0);
  private final Runnable listener = this::wake;
  private final List<PartitionLog> watched = new ArrayList<>();

  /** Begins to watch {@code partition}. */
  public void watch(PartitionLog partition) {
    partition.addListener(listener);
    watched.add(partition);
  }

  /** Ends the current or the next wait. Any thread. */
  public void wake() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  /**
   * Waits until a watched partition has news or {@code timeout} is over.
   *
   * @return whether there was news
   * @throws InterruptedException when the waiting thread is interrupted, as a shutdown does
   */
  public boolean await(Duration timeout) throws InterruptedException {
    boolean woken = news.tryAcquire(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    news.drainPermits();
    return woken;
  }

  /** Stops watching. */
  @Override
  public void close() {
    watched.forEach(partition -> partition.removeListener(listener));
    watched.clear();
  }
}
