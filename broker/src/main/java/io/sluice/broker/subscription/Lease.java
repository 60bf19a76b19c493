package io.sluice.broker.subscription;

import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Records;

/**
 * What a {@link Claim} has got.
 *
 * @param records whole batches, with every leased record and others beside them; file-backed
 * @param ranges the leased records, by offset
 */
public record Lease(Records records, List<Range> ranges) {

  /** Nothing. */
  public static final Lease NONE = new Lease(MemoryRecords.EMPTY, List.of());

  /**
   * Records with consecutive offsets.
   *
   * @param deliveryCount how often each of them has been delivered, this time included
   */
  public record Range(long first, long last, int deliveryCount) {}

  /** How many records are leased. */
  public int count() {
    return ranges.stream().mapToInt(range -> (int) (range.last() - range.first() + 1)).sum();
  }
}
