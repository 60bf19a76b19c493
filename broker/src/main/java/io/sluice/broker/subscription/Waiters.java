package io.sluice.broker.subscription;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Those who wait for a subscription's next message. News wakes one of them, who wakes the next when
 * there is more than it could take: a crowd of idle receivers costs nothing. Any thread.
 */
final class Waiters {

  private final AtomicInteger waiting = new AtomicInteger();
  private final Semaphore news = new Semaphore(0, true);

  /** One receiver's stay; it must look for messages after this and before it waits. */
  Waiting begin() {
    waiting.incrementAndGet();
    return new Waiting();
  }

  /** Called on the log's own threads: never blocks. */
  void wakeOne() {
    if (waiting.get() > news.availablePermits()) {
      news.release();
    }
  }

  void wakeAll() {
    news.release(waiting.get());
  }

  /** Between beginning to wait and the end of it. */
  final class Waiting implements AutoCloseable {

    /** Whether there was news in time. */
    boolean await(long nanos) throws InterruptedException {
      return news.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      waiting.decrementAndGet();
    }
  }
}
