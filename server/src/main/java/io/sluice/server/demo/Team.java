package io.sluice.server.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one team received, in the order in which its workers noted it. Guarded by its own monitor:
 * the workers write, the demo reads.
 */
final class Team {

  /**
   * One order in one worker's hands.
   *
   * @param worker who got it
   * @param order what it was
   * @param attempt how often the broker had handed it out, this time included; 1 where the protocol
   *     does not say
   */
  record Receipt(String worker, Order order, int attempt) {}

  private final String name;
  private final List<Receipt> receipts = new ArrayList<>();
  private final Set<Integer> orders = new HashSet<>();

  Team(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  synchronized void received(Receipt receipt) {
    receipts.add(receipt);
    orders.add(receipt.order().id());
    notifyAll();
  }

  /** Different orders received. */
  synchronized int count() {
    return orders.size();
  }

  /** Everything received, repetitions included. */
  synchronized List<Receipt> receipts() {
    return List.copyOf(receipts);
  }

  /** Receipts by worker, for the table. */
  synchronized Map<String, Integer> byWorker() {
    Map<String, Integer> counts = new TreeMap<>();
    receipts.forEach(receipt -> counts.merge(receipt.worker(), 1, Integer::sum));
    return counts;
  }

  /** Those of {@code expected} that nobody in the team received. */
  synchronized Set<Integer> missing(Set<Integer> expected) {
    Set<Integer> missing = new HashSet<>(expected);
    missing.removeAll(orders);
    return missing;
  }

  /** Orders that more than one receipt names. */
  synchronized Set<Integer> repeated() {
    Map<Integer, Integer> counts = new HashMap<>();
    receipts.forEach(receipt -> counts.merge(receipt.order().id(), 1, Integer::sum));
    Set<Integer> repeated = new HashSet<>();
    counts.forEach(
        (order, count) -> {
          if (count > 1) {
            repeated.add(order);
          }
        });
    return repeated;
  }

  /**
   * How often a worker got an order for the first time after a later one of the same customer,
   * among those that the broker handed out for the first time.
   */
  synchronized int outOfOrder() {
    Map<String, Integer> latest = new HashMap<>();
    Set<String> seen = new HashSet<>();
    int violations = 0;
    for (Receipt receipt : receipts) {
      if (receipt.attempt() > 1 || !seen.add(receipt.worker() + '/' + receipt.order().id())) {
        continue;
      }
      String key = receipt.worker() + '/' + receipt.order().customer();
      Integer before = latest.put(key, receipt.order().sequence());
      if (before != null && before > receipt.order().sequence()) {
        violations++;
      }
    }
    return violations;
  }
}
