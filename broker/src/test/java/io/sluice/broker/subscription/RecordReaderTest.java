package io.sluice.broker.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.AppendSource;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

  private static final int RECORD_BYTES = 1_000_000;
  private static final int RECORDS = 40;

  private final PartitionLog log = TestTopic.create(new FakeLogStore(), "packed", 1).partition(0);

  @Test
  void a_small_batch_of_large_records_is_unpacked_in_pieces() {
    SimpleRecord[] large = new SimpleRecord[RECORDS];
    Arrays.setAll(large, i -> new SimpleRecord(1_000, new byte[RECORD_BYTES]));
    MemoryRecords packed = MemoryRecords.withRecords(Compression.gzip().build(), large);
    assertTrue(packed.sizeInBytes() < RECORD_BYTES, "a fortieth");
    log.append(packed, AppendSource.CLIENT).durable().join();
    log.append(packed, AppendSource.CLIENT).durable().join();

    List<Long> offsets = new ArrayList<>();
    for (long next = 0; next < 2 * RECORDS; ) {
      RecordChunk chunk = RecordReader.read(log, next, ReadIsolation.COMMITTED);
      assertTrue(chunk.next() > next, "it goes on");
      long held = (long) chunk.records().length * RECORD_BYTES;
      assertTrue(held < 6 * RECORD_BYTES, "it holds " + held);
      assertTrue(chunk.bytes() > held, "it says so: " + chunk.bytes());
      for (Record record : chunk.records()) {
        offsets.add(record.offset());
      }
      next = chunk.next();
    }
    assertEquals(LongStream.range(0, 2 * RECORDS).boxed().toList(), offsets);
  }

  @Test
  void damaged_records_are_the_disks_fault() {
    MemoryRecords packed =
        MemoryRecords.withRecords(
            Compression.gzip().build(), new SimpleRecord(1_000, new byte[RECORD_BYTES]));
    for (int i = packed.sizeInBytes() / 2; i < packed.sizeInBytes(); i++) {
      packed.buffer().put(i, (byte) 7);
    }
    log.append(packed, AppendSource.CLIENT).durable().join();
    assertThrows(
        KafkaStorageException.class, () -> RecordReader.read(log, 0, ReadIsolation.COMMITTED));
  }
}
