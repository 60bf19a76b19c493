package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedRecordsTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path folder;

  @Test
  void records_without_a_key_are_named_when_the_topic_is_compacted() {
    SimpleRecord keyed = new SimpleRecord(bytes("k"), bytes("v"));
    SimpleRecord bare = new SimpleRecord(bytes("v"));
    List<RejectedRecords.Fault> faults =
        faults(
            InvalidRecordException.class,
            Map.of("cleanup.policy", "compact"),
            keyed,
            bare,
            keyed,
            bare);
    assertEquals(List.of(1, 3), faults.stream().map(RejectedRecords.Fault::index).toList());
    assertTrue(faults.getFirst().message().contains("without key"), faults.toString());
  }

  @Test
  void records_from_too_far_in_the_past_are_named() {
    List<RejectedRecords.Fault> faults =
        faults(
            InvalidTimestampException.class,
            Map.of("message.timestamp.before.max.ms", "1000"),
            new SimpleRecord(5, bytes("old")));
    assertEquals(List.of(0), faults.stream().map(RejectedRecords.Fault::index).toList());
    assertTrue(faults.getFirst().message().contains("out of range"), faults.toString());
  }

  private List<RejectedRecords.Fault> faults(
      Class<? extends RuntimeException> expected,
      Map<String, String> configs,
      SimpleRecord... records) {
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), configs);
      MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records);
      RuntimeException refused =
          assertThrows(expected, () -> log.append(batch, AppendSource.CLIENT));
      assertEquals(0, log.endOffset());
      return assertInstanceOf(RejectedRecords.class, refused).faults();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
