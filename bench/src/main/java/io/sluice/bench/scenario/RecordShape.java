package io.sluice.bench.scenario;

import java.util.List;

/**
 * How many records of which size go to how many partitions.
 *
 * @param name what the tables call it
 * @param flushedRecords how many go to a peer that is an order slower because it flushes each batch
 */
record RecordShape(String name, int bytes, int partitions, long records, long flushedRecords) {

  static final RecordShape ONE_PARTITION =
      new RecordShape("1 KiB, 1 partition", 1024, 1, 1_000_000, 200_000);
  static final RecordShape SIX_PARTITIONS =
      new RecordShape("1 KiB, 6 partitions", 1024, 6, 1_000_000, 200_000);
  static final RecordShape SMALL_ONE_PARTITION =
      new RecordShape("100 B, 1 partition", 100, 1, 5_000_000, 1_000_000);
  static final RecordShape SMALL_SIX_PARTITIONS =
      new RecordShape("100 B, 6 partitions", 100, 6, 5_000_000, 1_000_000);

  static final List<RecordShape> ALL =
      List.of(ONE_PARTITION, SIX_PARTITIONS, SMALL_ONE_PARTITION, SMALL_SIX_PARTITIONS);
}
