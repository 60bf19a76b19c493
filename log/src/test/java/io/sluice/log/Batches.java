package io.sluice.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

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

  /** The values below the bound, from {@code offset} on. */
  static List<String> read(PartitionLog partition, long offset, ReadIsolation isolation) {
    List<String> values = new ArrayList<>();
    long next = offset;
    while (true) {
      Fetched fetched = partition.read(next, 1 << 20, true, isolation);
      long before = next;
      for (Record record : fetched.records().records()) {
        if (record.offset() >= next) {
          values.add(Utils.utf8(record.value()));
          next = record.offset() + 1;
        }
      }
      if (next == before) {
        return values;
      }
    }
  }
}
