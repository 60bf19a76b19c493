package io.sluice.torture.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What was looked at and which promises were found broken. Thread-safe. */
public final class Findings {

  /** One broken promise is mostly broken many times. */
  private static final int MAX_BROKEN = 50;

  private final List<String> broken = new ArrayList<>();
  private final Map<String, LongAdder> checks = new ConcurrentSkipListMap<>();
  private final LongAdder acknowledged = new LongAdder();

  /** Notes that a promise does not hold. */
  public synchronized void broken(String promise, String how) {
    if (broken.size() < MAX_BROKEN) {
      broken.add(promise + ": " + how);
    }
  }

  /** Notes that the promise was looked at so often. */
  public void checked(String promise, long times) {
    checks.computeIfAbsent(promise, _ -> new LongAdder()).add(times);
  }

  /** Notes that the broker has acknowledged so much. */
  public void acknowledged(long count) {
    acknowledged.add(count);
  }

  /** What is broken, in the order of the finding. */
  public synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  /** How often each promise was looked at. */
  public Map<String, Long> checks() {
    Map<String, Long> counts = new ConcurrentSkipListMap<>();
    checks.forEach((promise, times) -> counts.put(promise, times.sum()));
    return counts;
  }

  /** How many requests, records and messages the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.sum();
  }
}
