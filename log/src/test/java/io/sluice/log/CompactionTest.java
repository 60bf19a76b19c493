package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {

  private static final TopicPartition STOCK = new TopicPartition("stock", 0);
  private static final int KEYS = 10;

  /** Segments of a few records, compacted as soon as one of them is not appended to any more. */
  private static final Map<String, String> COMPACT =
      Map.of(
          "cleanup.policy", "compact",
          "internal.segment.bytes", "2000",
          "min.cleanable.dirty.ratio", "0.01",
          "delete.retention.ms", "0");

  @TempDir Path folder;

  @Test
  void the_last_value_of_each_key_stays_and_older_ones_go_also_after_a_reopen() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
      appendVersions(log, 0, 1_000);
      awaitFewerRecords(log, 200);
      assertEquals(latest(1_000), values(log));
      assertEquals(1_000, log.endOffset());
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(STOCK).orElseThrow();
      assertEquals(latest(1_000), values(log));
      store.alterConfigs("stock", COMPACT);
      appendVersions(log, 1_000, 2_000);
      awaitFewerRecords(log, 200);
      assertEquals(latest(2_000), values(log));
    }
  }

  @Test
  void a_key_whose_last_value_is_null_disappears() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
      log.append(Batches.keyed("gone", "here"), AppendSource.CLIENT);
      log.append(Batches.keyed("gone", null), AppendSource.CLIENT);
      // The first pass marks the tombstone with the time of its death; a later one removes it.
      for (int round = 0; round < 3; round++) {
        appendVersions(log, round * 300, round * 300 + 300);
        awaitFewerRecords(log, 200);
      }
      Await.until("the tombstone is gone", () -> !values(log).containsKey("gone"));
      assertEquals(latest(900), values(log));
    }
  }

  @Test
  void a_topic_that_is_not_compacted_keeps_everything_until_it_is() {
    try (DiskLogStore store = open(folder)) {
      Map<String, String> plain = Map.of("internal.segment.bytes", "2000");
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), plain);
      appendVersions(log, 0, 500);
      PartitionLog other = store.create(new TopicPartition("other", 0), Uuid.randomUuid(), COMPACT);
      appendVersions(other, 0, 500);
      awaitFewerRecords(other, 200);
      store.applyRetention();
      assertEquals(500, records(log).size());

      store.alterConfigs("stock", COMPACT);
      awaitFewerRecords(log, 200);
      assertEquals(latest(500), values(log));
    }
  }

  @Test
  void with_both_policies_old_segments_are_deleted_too() {
    try (DiskLogStore store = open(folder)) {
      Map<String, String> both =
          Map.of(
              "cleanup.policy", "compact,delete",
              "internal.segment.bytes", "2000",
              "retention.bytes", "4000");
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), both);
      for (int i = 0; i < 300; i++) {
        log.append(Batches.keyed("k" + i, "v" + i), AppendSource.CLIENT).durable().join();
      }
      Await.until("old segments are gone", () -> log.sizeInBytes() < 6_000);
      assertTrue(log.startOffset() > 0);
      List<Record> left = Batches.records(log, log.startOffset(), ReadIsolation.HIGH_WATERMARK);
      assertEquals(299, left.getLast().offset());
    }
  }

  @Test
  void records_deleted_by_offset_leave_a_compacted_topic_too() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
      appendVersions(log, 0, 500);
      log.deleteRecordsBefore(400);
      Await.until("their segments are gone", () -> log.sizeInBytes() < 12_000);
      assertEquals(400, log.startOffset());
      Map<String, String> values = new TreeMap<>();
      Batches.records(log, 400, ReadIsolation.HIGH_WATERMARK)
          .forEach(record -> values.put(Utils.utf8(record.key()), Utils.utf8(record.value())));
      assertEquals(latest(500), values);
    }
  }

  @Test
  void a_topic_deleted_while_it_is_compacted_is_gone_and_its_name_starts_afresh() {
    try (DiskLogStore store = open(folder)) {
      for (int round = 0; round < 5; round++) {
        PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
        appendVersions(log, 0, 400);
        if (round % 2 == 0) {
          awaitFewerRecords(log, 200);
        }
        assertEquals(latest(400), values(log));
        store.delete(STOCK);
      }
      assertTrue(store.partitions().isEmpty());
    }
  }

  @Test
  void readers_see_every_key_while_its_past_is_rewritten() throws InterruptedException {
    AtomicBoolean written = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
      appendVersions(log, 0, KEYS);
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failure.set(e))
              .start(
                  () -> {
                    while (!written.get()) {
                      readWhole(log);
                    }
                  });
      appendVersions(log, KEYS, 5_000);
      written.set(true);
      reader.join();
      assertNull(failure.get());
      awaitFewerRecords(log, 200);
      assertEquals(latest(5_000), values(log));
    }
  }

  /** One read of everything finds each key at least as new as when the read began. */
  private static void readWhole(PartitionLog log) {
    long durable = log.highWatermark();
    Map<String, Long> newest = new TreeMap<>();
    long previous = -1;
    for (Record record : records(log)) {
      assertTrue(record.offset() > previous, "offsets ascend");
      previous = record.offset();
      newest.put(Utils.utf8(record.key()), record.offset());
    }
    assertEquals(KEYS, newest.size());
    newest.values().forEach(offset -> assertTrue(offset >= durable - KEYS, "not older than that"));
  }

  @Test
  void an_idle_store_has_no_cleaner_thread() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(STOCK, Uuid.randomUuid(), COMPACT);
      log.append(Batches.keyed("a", "b"), AppendSource.CLIENT).durable().join();
      store.applyRetention();
      assertFalse(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().startsWith("kafka-log-cleaner-thread")));
    }
  }

  private static DiskLogStore open(Path folder) {
    return DiskLogStore.open(
        folder, LogStoreOptions.defaults().withCompactionCheckInterval(Duration.ofMillis(1)));
  }

  /** One record for each number, whose key is one of ten. */
  private static void appendVersions(PartitionLog log, int from, int to) {
    Appended last = null;
    for (int i = from; i < to; i++) {
      last = log.append(Batches.keyed("k" + i % KEYS, "v" + i), AppendSource.CLIENT);
    }
    if (last != null) {
      last.durable().join();
    }
  }

  private static Map<String, String> latest(int versions) {
    Map<String, String> latest = new TreeMap<>();
    for (int i = versions - KEYS; i < versions; i++) {
      latest.put("k" + i % KEYS, "v" + i);
    }
    return latest;
  }

  private static Map<String, String> values(PartitionLog log) {
    Map<String, String> values = new TreeMap<>();
    for (Record record : records(log)) {
      values.put(
          Utils.utf8(record.key()), record.hasValue() ? Utils.utf8(record.value()) : "deleted");
    }
    return values;
  }

  private static List<Record> records(PartitionLog log) {
    return Batches.records(log, 0, ReadIsolation.HIGH_WATERMARK);
  }

  private static void awaitFewerRecords(PartitionLog log, int bound) {
    Await.until("fewer than " + bound + " records", () -> records(log).size() < bound);
  }
}
