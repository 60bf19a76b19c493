package io.sluice.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.errors.InterruptException;

/** Records that are under way, so that a flush waits for those before it only. Any thread. */
final class UnderWay {

  /** The records between two flushes. */
  static final class Generation {
    private long count;
  }

  private final Deque<Generation> generations = new ArrayDeque<>();

  UnderWay() {
    generations.add(new Generation());
  }

  /** A record begins. */
  synchronized Generation begin() {
    Generation newest = generations.getLast();
    newest.count++;
    return newest;
  }

  /** One has ended. */
  synchronized void end(Generation generation) {
    generation.count--;
    while (generations.size() > 1 && generations.getFirst().count == 0) {
      generations.removeFirst();
      notifyAll();
    }
  }

  /** Waits for everything that has begun. */
  synchronized void awaitAll() {
    Generation last = generations.getLast();
    if (last.count == 0 && generations.size() == 1) {
      return;
    }
    Generation next = new Generation();
    generations.add(next);
    try {
      while (generations.getFirst().count == 0 && generations.size() > 1) {
        generations.removeFirst();
      }
      while (generations.contains(last)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new InterruptException("Flush interrupted.", e);
    }
  }
}
