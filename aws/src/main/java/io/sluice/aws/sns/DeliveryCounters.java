package io.sluice.aws.sns;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many deliveries came to what end, for each protocol (Amazon's "Amazon SNS message delivery
 * status"). Counted since the start. Safe for use by many threads.
 */
public final class DeliveryCounters {

  /** What a delivery came to. */
  public enum Outcome {
    /** The endpoint has it: {@code NumberOfNotificationsDelivered}. */
    DELIVERED,
    /** An attempt that failed and is followed by another. */
    RETRIED,
    /** It went to the dead-letter queue: {@code NumberOfNotificationsRedrivenToDlq}. */
    REDRIVEN,
    /** It was given up, and nobody has it: {@code NumberOfNotificationsFailed}. */
    DROPPED
  }

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String protocol, Outcome outcome) {
    counts.computeIfAbsent(name(protocol, outcome), missing -> new LongAdder()).increment();
  }

  /** How often that happened. */
  public long of(String protocol, Outcome outcome) {
    LongAdder count = counts.get(name(protocol, outcome));
    return count == null ? 0 : count.sum();
  }

  /** Everything that happened at all, by names such as {@code http.DELIVERED}. */
  public SortedMap<String, Long> all() {
    SortedMap<String, Long> all = new TreeMap<>();
    counts.forEach((name, count) -> all.put(name, count.sum()));
    return Collections.unmodifiableSortedMap(all);
  }

  private static String name(String protocol, Outcome outcome) {
    return protocol + "." + outcome;
  }
}
