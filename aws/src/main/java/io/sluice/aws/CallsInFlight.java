package io.sluice.aws;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The calls that services are serving at this moment, so that closing can end those that wait. Safe
 * for use by many threads: an entry belongs to its key's thread, and is interrupted only while the
 * map holds its lock.
 */
final class CallsInFlight {

  private static final long CHECK_NANOS = Duration.ofMillis(5).toNanos();

  private final Map<Thread, Boolean> threads = new ConcurrentHashMap<>();
  private volatile boolean closing;

  /**
   * Runs a call on this thread. An interrupt that came from {@link #close} ends with it.
   *
   * @throws WireError.RequestRejected the listener is closing
   */
  <R, X extends Throwable> R run(ScopedValue.CallableOp<R, X> call) throws X {
    Thread thread = Thread.currentThread();
    threads.put(thread, true);
    try {
      if (closing) {
        throw WireError.UNAVAILABLE.rejection();
      }
      return call.call();
    } finally {
      threads.remove(thread);
      if (closing) {
        Thread.interrupted();
      }
    }
  }

  boolean isClosing() {
    return closing;
  }

  /**
   * Takes no more calls, lets those in flight go on for {@code patience}, and interrupts the rest.
   */
  void close(Duration patience) {
    closing = true;
    long start = System.nanoTime();
    while (!threads.isEmpty() && System.nanoTime() - start < patience.toNanos()) {
      LockSupport.parkNanos(CHECK_NANOS);
    }
    for (Thread thread : threads.keySet()) {
      threads.computeIfPresent(
          thread,
          (present, running) -> {
            present.interrupt();
            return running;
          });
    }
  }
}
