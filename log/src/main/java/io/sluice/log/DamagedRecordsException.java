package io.sluice.log;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/** The records that were to be read are damaged; those before and behind them can be read. */
public final class DamagedRecordsException extends CorruptRecordException {

  private static final long serialVersionUID = 1L;

  private final long nextOffset;

  DamagedRecordsException(TopicPartition partition, DamagedRange range) {
    super("records " + range + " of " + partition + " are damaged");
    this.nextOffset = range.nextOffset();
  }

  /** The first record that is whole again. */
  public long nextOffset() {
    return nextOffset;
  }
}
