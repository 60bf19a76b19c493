package io.sluice.log;

import org.apache.kafka.common.record.internal.MemoryRecords;

/** Writes to a partition what many callers have gathered. */
record CrowdsWriter(DiskPartition partition, GroupCommit groupCommit)
    implements SharedAppends.Writer {

  @Override
  public Appended append(MemoryRecords records) {
    return partition.appendUnflushed(records, AppendSource.CLIENT, TransactionAppend.NONE);
  }

  @Override
  public void startFlush() {
    groupCommit.start();
  }

  @Override
  public void flush() {
    groupCommit.flushOnCarrier();
  }
}
