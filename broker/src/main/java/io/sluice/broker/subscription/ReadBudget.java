package io.sluice.broker.subscription;

import org.apache.kafka.common.record.internal.Record;

/** What one count of messages may read. */
final class ReadBudget {

  /** About what takes 100 ms. */
  private long records = 50_000;

  private long bytes = 16L << 20;

  void spend(Record record) {
    records--;
    bytes -= record.sizeInBytes();
  }

  boolean isSpent() {
    return records <= 0 || bytes <= 0;
  }
}
