package io.sluice.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Builds and reads batches of text records. */
final class Batches {

  private Batches() {}

  static MemoryRecords of(String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(values[i].getBytes(StandardCharsets.UTF_8));
    }
    return MemoryRecords.withRecords(Compression.NONE, records);
  }

  /** One record with a key; a null value says that the key is gone. */
  static MemoryRecords keyed(String key, @Nullable String value) {
    return MemoryRecords.withRecords(
        Compression.NONE,
        new SimpleRecord(
            System.currentTimeMillis(),
            key.getBytes(StandardCharsets.UTF_8),
            value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
  }

  static MemoryRecords at(long timestampMs, String value) {
    return MemoryRecords.withRecords(
        Compression.NONE, new SimpleRecord(timestampMs, value.getBytes(StandardCharsets.UTF_8)));
  }

  static MemoryRecords idempotent(long producerId, short epoch, int sequence, String value) {
    return MemoryRecords.withIdempotentRecords(
        Compression.NONE,
        producerId,
        epoch,
        sequence,
        // Kafka forgets producers whose last record is older than a day.
        new SimpleRecord(System.currentTimeMillis(), value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Every record below the bound, from {@code offset} on. */
  static List<Record> records(PartitionLog partition, long offset, ReadIsolation isolation) {
    List<Record> records = new ArrayList<>();
    long next = offset;
    while (true) {
      Fetched fetched = partition.read(next, 1 << 20, true, isolation);
      long before = next;
      for (RecordBatch batch : fetched.records().batches()) {
        for (Record record : batch) {
          if (record.offset() >= next) {
            records.add(record);
          }
        }
        // A compacted batch may end with offsets whose records are gone.
        next = batch.nextOffset();
      }
      if (next == before) {
        return records;
      }
    }
  }

  /** The values below the bound, from {@code offset} on. */
  static List<String> read(PartitionLog partition, long offset, ReadIsolation isolation) {
    return records(partition, offset, isolation).stream()
        .map(record -> Utils.utf8(record.value()))
        .toList();
  }
}
