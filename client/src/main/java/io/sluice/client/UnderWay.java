package io.sluice.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.InterruptException;

/** Records that are under way, so that a flush waits for those before it only. Any thread. */
final class UnderWay {

  /** The records between two flushes. */
  static final class Generation {
    private final long number;
    private final AtomicLong count = new AtomicLong();
    private volatile boolean isAwaited;

    Generation(long number) {
      this.number = number;
    }
  }

  private volatile Generation newest = new Generation(0);

  /** Those that a flush waits for, the oldest first; guarded by this. */
  private final Deque<Generation> awaited = new ArrayDeque<>();

  /** A record begins. */
  Generation begin() {
    while (true) {
      Generation generation = newest;
      generation.count.incrementAndGet();
      if (generation == newest) {
        return generation;
      }
      // A flush may have seen it empty before.
      end(generation);
    }
  }

  /** One has ended. */
  void end(Generation generation) {
    if (generation.count.decrementAndGet() == 0 && generation.isAwaited) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Waits for everything that has begun. */
  synchronized void awaitAll() {
    Generation last = newest;
    newest = new Generation(last.number + 1);
    last.isAwaited = true;
    awaited.add(last);
    try {
      while (isUnderWay(last)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new InterruptException("Flush interrupted.", e);
    }
  }

  /** Whether something of a generation is, or of those before it. */
  private boolean isUnderWay(Generation last) {
    awaited.removeIf(generation -> generation.count.get() == 0);
    Generation first = awaited.peekFirst();
    return first != null && first.number <= last.number;
  }
}
