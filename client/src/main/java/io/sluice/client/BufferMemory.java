package io.sluice.client;

import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What records that wait may take of memory. Safe for use by many threads. */
final class BufferMemory {

  private final long total;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private long free;

  BufferMemory(long bytes) {
    this.total = bytes;
    this.free = bytes;
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
    lock.lock();
    try {
      long left = Nanoseconds.of(patience);
      while (free < bytes) {
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
        left = freed.awaitNanos(left);
      }
      free -= bytes;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what was taken. */
  void free(long bytes) {
    lock.lock();
    try {
      free += bytes;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
