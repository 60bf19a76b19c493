package io.sluice.torture.history;

import java.util.HashMap;
import java.util.Map;

/** The offsets that a consumer group commits. Thread-safe. */
public final class OffsetHistory {

  /** A group begins no earlier than it has committed, and no later than it has tried to. */
  public static final String KEPT = "no acknowledged offset of a group is forgotten";

  private final String group;
  private final Findings findings;
  private final Map<Integer, Long> tried = new HashMap<>();
  private final Map<Integer, Long> committed = new HashMap<>();

  /** A history in which nothing has happened. */
  public OffsetHistory(String group, Findings findings) {
    this.group = group;
    this.findings = findings;
  }

  /** The group is about to commit an offset of a partition. */
  public synchronized void committing(int partition, long offset) {
    tried.merge(partition, offset, Math::max);
  }

  /** The broker has acknowledged it. */
  public synchronized void committed(int partition, long offset) {
    committed.merge(partition, offset, Math::max);
    findings.acknowledged(1);
  }

  /** Somebody has asked for the group's offset and was told this. */
  public synchronized void found(int partition, long offset) {
    long least = committed.getOrDefault(partition, 0L);
    long most = tried.getOrDefault(partition, 0L);
    if (offset < least || offset > most) {
      findings.broken(
          KEPT,
          "%s is at %d of partition %d, not between %d and %d"
              .formatted(group, offset, partition, least, most));
    }
    findings.checked(KEPT, 1);
  }
}
