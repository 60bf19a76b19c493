package io.sluice.aws;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Memory that the listener's clients share for what each of them can make large, and keep for long
 * by sending or reading slowly. What is small is not counted. Safe for use by many threads.
 */
final class MemoryBudget {

  /** Up to this size nothing is counted. */
  static final int SMALL_BYTES = 64 << 10;

  private static final int UNIT_BYTES = 1 << 10;

  private final int size;
  private final Semaphore free;

  MemoryBudget(long bytes) {
    this.size = Math.toIntExact(bytes / UNIT_BYTES);
    this.free = new Semaphore(size, true);
  }

  /** A share for one request or answer, which has nothing yet. */
  Share share() {
    return new Share();
  }

  /** What one request or answer has of the budget; owned by its thread. */
  final class Share implements AutoCloseable {

    private int taken;

    /**
     * Takes memory, in the order in which threads ask for it; for more than there is in all, all.
     *
     * @param wait how long to wait until there is as much
     * @return whether there was
     */
    boolean take(long bytes, Duration wait) throws InterruptedException {
      int wanted = units(bytes);
      if (wanted == 0) {
        return true;
      }
      boolean isTaken = free.tryAcquire(wanted, wait.toNanos(), TimeUnit.NANOSECONDS);
      taken += isTaken ? wanted : 0;
      return isTaken;
    }

    /** Gives back what is not needed, now that it is known how much is. */
    void keep(long bytes) {
      int kept = Math.min(taken, units(bytes));
      free.release(taken - kept);
      taken = kept;
    }

    private int units(long bytes) {
      return bytes <= SMALL_BYTES ? 0 : (int) Math.min(size, bytes / UNIT_BYTES + 1);
    }

    /** Gives everything back. */
    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
