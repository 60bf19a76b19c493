package io.sluice.broker.subscription;

import java.util.HashMap;
import java.util.Map;

/**
 * For how long consumers have recently had the messages of which group. Keeps few groups, those
 * with the most: what it says of a group is never more than the truth, and less by at most a 32nd
 * of everything ("space saving", Metwally and others, 2005). Part of {@link GroupLoads}; times are
 * ms.
 */
final class ProcessingTime {

  /** What is longer ago than two of them is forgotten, and what is longer ago than one may be. */
  static final long WINDOW = 30_000;

  private static final int GROUPS = 32;

  private static final class Counter {
    private long time;

    /** How much of that may be others'. */
    private long others;
  }

  private static final class Window {
    private final Map<Long, Counter> counters = new HashMap<>();
    private long total;

    void add(long group, long time) {
      Counter counter = counters.get(group);
      if (counter == null) {
        counter = counters.size() < GROUPS ? new Counter() : replaced();
        counters.put(group, counter);
      }
      counter.time += time;
    }

    private Counter replaced() {
      Map.Entry<Long, Counter> least = null;
      for (Map.Entry<Long, Counter> entry : counters.entrySet()) {
        if (least == null || entry.getValue().time < least.getValue().time) {
          least = entry;
        }
      }
      if (least == null) {
        throw new IllegalStateException("no counters");
      }
      Counter counter = counters.remove(least.getKey());
      counter.others = counter.time;
      return counter;
    }

    long of(long group) {
      Counter counter = counters.get(group);
      return counter == null ? 0 : counter.time - counter.others;
    }
  }

  private Window current = new Window();
  private Window before = new Window();
  private long begun;

  /** Forgets what is long ago. */
  void advance(long now) {
    if (now - begun >= WINDOW) {
      before = now - begun < 2 * WINDOW ? current : new Window();
      current = new Window();
      begun = now;
    }
  }

  /** Notes time that messages of a group took; it is not in the total by that. */
  void add(long group, long time) {
    current.add(group, time);
  }

  /** Notes time that messages of any group took, or of none. */
  void addToTotal(long time) {
    current.total += time;
  }

  long of(long group) {
    return current.of(group) + before.of(group);
  }

  long total() {
    return current.total + before.total;
  }
}
