package io.sluice.torture.history;

import java.util.HashMap;
import java.util.Map;

/**
 * What idempotent producers wrote to a topic and what a reader of it read. The records of a key are
 * numbered. Thread-safe.
 */
public final class LogHistory {

  /** What was acknowledged is read. */
  public static final String NOTHING_LOST = "no acknowledged record is missing";

  /** Each record of a key comes once, in the order in which it was sent. */
  public static final String ORDER = "the records of a key come once and in order";

  private final Findings findings;
  private final Map<String, Long> sent = new HashMap<>();
  private final Map<String, Long> acknowledged = new HashMap<>();
  private final Map<String, Long> read = new HashMap<>();

  /** A history in which nothing has happened. */
  public LogHistory(Findings findings) {
    this.findings = findings;
  }

  /** The number of the next record of a key, which is about to be sent. */
  public synchronized long next(String key) {
    return sent.merge(key, 0L, (before, _) -> before + 1);
  }

  /** The broker has acknowledged the record. */
  public synchronized void acknowledged(String key, long number) {
    acknowledged.merge(key, number, Math::max);
    findings.acknowledged(1);
  }

  /** The reader has read the record. */
  public synchronized void read(String key, long number) {
    long expected = read.getOrDefault(key, -1L) + 1;
    if (number != expected) {
      findings.broken(ORDER, "after record %d of %s comes %d".formatted(expected - 1, key, number));
    }
    read.put(key, number);
    findings.checked(ORDER, 1);
  }

  /** The reader has read everything. */
  public synchronized void end() {
    acknowledged.forEach(
        (key, number) -> {
          long last = read.getOrDefault(key, -1L);
          if (last < number) {
            findings.broken(
                NOTHING_LOST, "%s ends with %d, not with %d".formatted(key, last, number));
          }
        });
    findings.checked(NOTHING_LOST, acknowledged.size());
  }
}
