package io.sluice.torture.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What transactions of one producer wrote, how each ended, and what a reader of committed records
 * read. Thread-safe.
 */
public final class TransactionHistory {

  /** All records of a transaction are read when its commit was acknowledged. */
  public static final String COMMITTED = "a committed transaction is read whole";

  /** None is when it was aborted, or taken over. */
  public static final String ABORTED = "of an aborted transaction nothing is read";

  /** All or none is when nobody knows. */
  public static final String WHOLE = "no transaction is read in part";

  /** Transactions of one producer come one after the other. */
  public static final String ORDER = "transactions are read in their order";

  /** The offsets that the last committed transaction has set. */
  public static final String OFFSETS = "a group's offset is that of the last transaction";

  /** How a transaction ended. */
  public enum Outcome {
    /** The commit was acknowledged. */
    COMMITTED,
    /** It was aborted, or another producer has taken over before its commit. */
    ABORTED,
    /** Whoever asked for the commit heard no answer. */
    UNKNOWN
  }

  private record Ended(List<String> values, Outcome outcome) {}

  private final String producer;
  private final Findings findings;
  private final Map<Integer, Ended> ended = new HashMap<>();
  private final Map<Integer, List<String>> read = new HashMap<>();
  private final Map<Integer, Integer> lastByPartition = new HashMap<>();
  private int next;
  private int lastRead = -1;

  /** A history in which nothing has happened. */
  public TransactionHistory(String producer, Findings findings) {
    this.producer = producer;
    this.findings = findings;
  }

  /** The number of the next transaction. */
  public synchronized int next() {
    return next++;
  }

  /** Transaction {@code number} wrote these values, in any order, and ended so. */
  public synchronized void ended(int number, List<String> values, Outcome outcome) {
    ended.put(number, new Ended(values, outcome));
    findings.acknowledged(outcome == Outcome.UNKNOWN ? 0 : 1);
  }

  /** A value of transaction {@code number} was read, the next one in a partition. */
  public synchronized void read(int partition, int number, String value) {
    int before = lastByPartition.merge(partition, number, Math::max);
    if (before > number) {
      findings.broken(ORDER, "%s %d comes after %d".formatted(producer, number, before));
    }
    findings.checked(ORDER, 1);
    read.computeIfAbsent(number, _ -> new ArrayList<>()).add(value);
    lastRead = Math.max(lastRead, number);
  }

  /**
   * Everything was read.
   *
   * @param groupOffset what the transactions set to their number: that of the last that counts
   */
  public synchronized void end(long groupOffset) {
    ended.forEach(this::check);
    if (groupOffset != lastRead) {
      findings.broken(
          OFFSETS, "%s: %d, and read was %d".formatted(producer, groupOffset, lastRead));
    }
    findings.checked(OFFSETS, 1);
    ended.clear();
    read.clear();
  }

  private void check(int number, Ended transaction) {
    List<String> values = read.getOrDefault(number, List.of()).stream().sorted().toList();
    List<String> written = transaction.values().stream().sorted().toList();
    String promise =
        switch (transaction.outcome()) {
          case COMMITTED -> COMMITTED;
          case ABORTED -> ABORTED;
          case UNKNOWN -> WHOLE;
        };
    boolean isKept =
        switch (transaction.outcome()) {
          case COMMITTED -> values.equals(written);
          case ABORTED -> values.isEmpty();
          case UNKNOWN -> values.isEmpty() || values.equals(written);
        };
    if (!isKept) {
      findings.broken(
          promise, "%s %d wrote %s, read was %s".formatted(producer, number, written, values));
    }
    findings.checked(promise, 1);
  }
}
