package io.sluice.client;

import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * What records that wait may take of memory. Those who have to wait for it get it in the order in
 * which they came. Safe for use by many threads.
 */
final class BufferMemory {

  /** The part of all that is free before somebody who waits is woken: not for each record anew. */
  private static final int PARTS = 32;

  private final long total;

  /** Nobody takes of it past those who wait. */
  private final AtomicLong free;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  /** How many there are. */
  private volatile int waiting;

  private volatile Runnable whenExhausted = () -> {};

  /** Somebody who waits. */
  private static final class Waiter {
    private final long needs;
    private final Condition woken;

    /**
     * Waits until it is woken.
     *
     * @param needs how much is to be free then, bytes
     */
    Waiter(long needs, Condition woken) {
      this.needs = needs;
      this.woken = woken;
    }
  }

  BufferMemory(long bytes) {
    this.total = bytes;
    this.free = new AtomicLong(bytes);
  }

  /** Runs {@code action} whenever somebody begins to wait, on their thread; it must return soon. */
  void whenExhausted(Runnable action) {
    whenExhausted = action;
  }

  /** Whether somebody waits. */
  boolean isExhausted() {
    return waiting > 0;
  }

  /**
   * Takes some, and waits for it.
   *
   * @throws BufferExhaustedException there was none within {@code patience}
   * @throws RecordTooLargeException there never is so much
   */
  void take(long bytes, Duration patience) {
    if (bytes > total) {
      throw new RecordTooLargeException(
          "The message is "
              + bytes
              + " bytes when serialized which is larger than the total memory buffer you have"
              + " configured with the buffer.memory configuration.");
    }
    if (waiting > 0 || !takeNow(bytes)) {
      lock.lock();
      try {
        await(bytes, patience);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      } finally {
        wakeFirst();
        lock.unlock();
      }
    }
  }

  private boolean takeNow(long bytes) {
    long now = free.get();
    while (now >= bytes) {
      if (free.compareAndSet(now, now - bytes)) {
        return true;
      }
      now = free.get();
    }
    return false;
  }

  private void await(long bytes, Duration patience) throws InterruptedException {
    Waiter self = new Waiter(Math.max(bytes, total / PARTS), lock.newCondition());
    waiters.addLast(self);
    waiting = waiters.size();
    try {
      long left = Nanoseconds.of(patience);
      if (waiters.peekFirst() != self || free.get() < bytes) {
        whenExhausted.run();
      }
      while (waiters.peekFirst() != self || !takeNow(bytes)) {
        if (left <= 0) {
          throw new BufferExhaustedException(
              "Failed to allocate "
                  + bytes
                  + " bytes within the configured max blocking time "
                  + Math.max(0, patience.toMillis())
                  + " ms. Total memory: "
                  + total
                  + " bytes. Available memory: "
                  + free
                  + " bytes.");
        }
        left = self.woken.awaitNanos(left);
      }
    } finally {
      waiters.remove(self);
      waiting = waiters.size();
    }
  }

  private void wakeFirst() {
    Waiter first = waiters.peekFirst();
    if (first != null && free.get() >= first.needs) {
      first.woken.signal();
    }
  }

  /** Gives back what was taken. */
  void free(long bytes) {
    long now = free.addAndGet(bytes);
    // Who begins to wait looks once more after it has said so.
    if (waiting > 0 && now >= total / PARTS) {
      lock.lock();
      try {
        wakeFirst();
      } finally {
        lock.unlock();
      }
    }
  }
}
