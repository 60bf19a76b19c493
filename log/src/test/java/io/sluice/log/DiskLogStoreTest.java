package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskLogStoreTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path folder;

  @Test
  void what_was_appended_is_read_in_order_and_after_a_reopen() {
    Uuid id = Uuid.randomUuid();
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, id, Map.of());
      Appended first = log.append(Batches.of("a", "b"), AppendSource.CLIENT);
      Appended second = log.append(Batches.of("c"), AppendSource.CLIENT);
      first.durable().join();
      second.durable().join();

      assertEquals(0, first.baseOffset());
      assertEquals(1, first.lastOffset());
      assertEquals(2, second.baseOffset());
      assertEquals(3, log.highWatermark());
      assertEquals(List.of("b", "c"), Batches.read(log, 1, ReadIsolation.HIGH_WATERMARK));
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(id, log.topicId());
      assertEquals(3, log.highWatermark());
      assertEquals(List.of("a", "b", "c"), Batches.read(log, 0, ReadIsolation.COMMITTED));
      log.append(Batches.of("d"), AppendSource.CLIENT).durable().join();
      assertEquals(List.of("d"), Batches.read(log, 3, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void a_folder_without_a_clean_shutdown_is_recovered_whole() throws IOException {
    Path crashed = folder.resolve("crashed");
    try (DiskLogStore store = open(folder.resolve("live"))) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      for (int i = 0; i < 50; i++) {
        log.append(Batches.of("v" + i), AppendSource.CLIENT).durable().join();
      }
      copy(folder.resolve("live"), crashed);
    }
    try (DiskLogStore store = open(crashed)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(50, Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK).size());
    }
  }

  @Test
  void a_torn_tail_is_cut_to_the_last_whole_batch() throws IOException {
    Path crashed = folder.resolve("crashed");
    long length;
    try (DiskLogStore store = open(folder.resolve("live"))) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("whole"), AppendSource.CLIENT).durable().join();
      log.append(Batches.of("torn", "torn too"), AppendSource.CLIENT).durable().join();
      copy(folder.resolve("live"), crashed);
      length = log.sizeInBytes();
    }
    Path segment = crashed.resolve("orders-0/00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(length - 3);
    }
    Files.deleteIfExists(crashed.resolve("orders-0/00000000000000000000.index"));
    try (DiskLogStore store = open(crashed)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(List.of("whole"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
      assertEquals(1, log.append(Batches.of("next"), AppendSource.CLIENT).baseOffset());
    }
  }

  @Test
  void a_batch_sent_again_is_answered_with_its_first_offset_even_after_a_restart() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.idempotent(7, (short) 0, 0, "a"), AppendSource.CLIENT);
      log.append(Batches.idempotent(7, (short) 0, 1, "b"), AppendSource.CLIENT).durable().join();
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      Appended again = log.append(Batches.idempotent(7, (short) 0, 1, "b"), AppendSource.CLIENT);
      again.durable().join();
      assertEquals(1, again.baseOffset());
      assertEquals(2, log.endOffset());
      assertThrows(
          OutOfOrderSequenceException.class,
          () -> log.append(Batches.idempotent(7, (short) 0, 9, "z"), AppendSource.CLIENT));
    }
  }

  @Test
  void batches_sent_again_are_recognized_after_a_restart_although_later_ones_have_arrived() {
    List<MemoryRecords> sent = new ArrayList<>();
    for (int sequence = 0; sequence < 8; sequence++) {
      sent.add(Batches.idempotent(7, (short) 0, sequence, "v" + sequence));
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      for (MemoryRecords batch : sent) {
        log.append(copy(batch), AppendSource.CLIENT).durable().join();
      }
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      // A producer has up to five requests under way whose answers a crash has taken with it.
      for (int sequence = 3; sequence < 8; sequence++) {
        Appended again = log.append(copy(sent.get(sequence)), AppendSource.CLIENT);
        again.durable().join();
        assertEquals(sequence, again.baseOffset());
        assertEquals(sequence, again.lastOffset());
      }
      assertEquals(8, log.endOffset());
      assertEquals(
          8,
          log.append(Batches.idempotent(7, (short) 0, 8, "v8"), AppendSource.CLIENT).baseOffset());

      MemoryRecords unknown = Batches.idempotent(7, (short) 0, 20, "v20");
      assertThrows(
          OutOfOrderSequenceException.class, () -> log.append(unknown, AppendSource.CLIENT));
    }
  }

  /** An append writes offsets into what it is given. */
  private static MemoryRecords copy(MemoryRecords records) {
    ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
    copy.put(records.buffer().duplicate()).flip();
    return MemoryRecords.readableRecords(copy);
  }

  @Test
  void bad_records_are_refused_and_nothing_is_written() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log =
          store.create(ORDERS, Uuid.randomUuid(), Map.of("max.message.bytes", "1000"));
      MemoryRecords corrupt = Batches.of("spoiled");
      corrupt.buffer().put(corrupt.sizeInBytes() - 2, (byte) 0x7f);
      assertThrows(CorruptRecordException.class, () -> log.append(corrupt, AppendSource.CLIENT));
      MemoryRecords wrongMagic = Batches.of("old");
      wrongMagic.buffer().put(16, (byte) 9);
      assertThrows(CorruptRecordException.class, () -> log.append(wrongMagic, AppendSource.CLIENT));
      assertThrows(
          RecordTooLargeException.class,
          () -> log.append(Batches.of("x".repeat(2_000)), AppendSource.CLIENT));
      assertEquals(0, log.endOffset());
    }
  }

  @Test
  void deleted_records_stay_deleted_over_a_restart() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      for (int i = 0; i < 5; i++) {
        log.append(Batches.of("v" + i), AppendSource.CLIENT).durable().join();
      }
      assertEquals(3, log.deleteRecordsBefore(3));
      assertThrows(OffsetOutOfRangeException.class, () -> log.deleteRecordsBefore(6));
      assertThrows(
          OffsetOutOfRangeException.class,
          () -> log.read(2, 100, true, ReadIsolation.HIGH_WATERMARK));
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(3, log.startOffset());
      assertEquals(List.of("v3", "v4"), Batches.read(log, 3, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void retention_by_size_drops_the_oldest_segments() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log =
          store.create(
              ORDERS,
              Uuid.randomUuid(),
              Map.of("segment.bytes", "1048576", "retention.bytes", "2097152"));
      for (int i = 0; i < 60; i++) {
        log.append(Batches.of("x".repeat(100_000)), AppendSource.CLIENT).durable().join();
      }
      ((DiskPartition) log).deleteOldSegments();
      assertTrue(log.startOffset() > 0, "old segments are gone");
      assertTrue(log.sizeInBytes() < 4 << 20);
    }
  }

  @Test
  void offsets_are_found_by_time() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of("retention.ms", "-1"));
      for (long time = 1_000; time <= 3_000; time += 1_000) {
        log.append(Batches.at(time, "at " + time), AppendSource.CLIENT).durable().join();
      }
      assertEquals(
          1, log.findByTimestamp(1_500, ReadIsolation.HIGH_WATERMARK).orElseThrow().offset());
      assertTrue(log.findByTimestamp(3_001, ReadIsolation.HIGH_WATERMARK).isEmpty());
      assertEquals(2, log.findMaxTimestamp().orElseThrow().offset());
    }
  }

  @Test
  void a_time_that_only_a_deleted_record_had_is_found_in_a_later_segment() {
    Map<String, String> configs = Map.of("retention.ms", "-1", "internal.segment.bytes", "300");
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), configs);
      // Two records in each segment; the first of all has the greatest time.
      for (long time : List.of(9_000L, 1_000L, 2_000L, 9_000L, 4_000L, 9_000L)) {
        log.append(Batches.at(time, "x".repeat(60)), AppendSource.CLIENT).durable().join();
      }
      log.deleteRecordsBefore(1);
      assertEquals(
          3, log.findByTimestamp(5_000, ReadIsolation.HIGH_WATERMARK).orElseThrow().offset());
    }
  }

  private void storeKept() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("kept"), AppendSource.CLIENT).durable().join();
    }
  }

  private void assertKept() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(List.of("kept"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  /** Puts a folder in the place of a segment, so that its partition cannot be opened. */
  static void obstruct(Path segment) throws IOException {
    Files.move(segment, away(segment));
    Files.createDirectories(segment.resolve("not-a-file"));
  }

  /** Undoes {@link #obstruct}. */
  static void clear(Path segment) throws IOException {
    Files.delete(segment.resolve("not-a-file"));
    Files.delete(segment);
    Files.move(away(segment), segment);
  }

  private static Path away(Path segment) {
    return segment.getParent().resolveSibling("away");
  }

  @ParameterizedTest
  @ValueSource(strings = {"partition.metadata", "leader-epoch-checkpoint"})
  void what_is_known_elsewhere_too_may_be_damaged(String file) throws IOException {
    storeKept();
    Files.writeString(folder.resolve("orders-0").resolve(file), "garbage");

    for (int i = 0; i < 2; i++) {
      assertKept();
    }
  }

  @Test
  void a_partition_that_cannot_be_opened_is_offline_and_named_and_left_alone() throws IOException {
    storeKept();
    try (DiskLogStore store = open(folder)) {
      store.create(new TopicPartition("other", 0), Uuid.randomUuid(), Map.of());
    }
    Path segment = folder.resolve("orders-0/00000000000000000000.log");
    obstruct(segment);

    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertThrows(
          KafkaStorageException.class, () -> log.append(Batches.of("a"), AppendSource.CLIENT));
      assertTrue(store.faults().getFirst().contains("orders-0"), () -> store.faults().toString());
      store
          .partition(new TopicPartition("other", 0))
          .orElseThrow()
          .append(Batches.of("served"), AppendSource.CLIENT)
          .durable()
          .join();
    }

    clear(segment);
    assertKept();
  }

  @Test
  void nothing_is_recovered_where_there_is_no_room_for_it() throws IOException {
    storeKept();
    Files.delete(folder.resolve(".kafka_cleanshutdown"));
    // In the way of what is written to see whether there is room.
    Path room = Files.createDirectories(folder.resolve("room").resolve("none"));

    DataDirectoryException refused = assertThrows(DataDirectoryException.class, () -> open(folder));
    assertTrue(refused.getMessage().contains("has no room to recover it"), refused.getMessage());

    Files.delete(room);
    Files.delete(room.getParent());
    assertKept();
  }

  @Test
  void a_second_owner_of_the_folder_is_refused() {
    try (DiskLogStore store = open(folder)) {
      DataDirectoryException refused =
          assertThrows(DataDirectoryException.class, () -> open(folder));
      assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
      assertTrue(store.partitions().isEmpty());
    }
  }

  @Test
  void a_deleted_partition_is_gone_and_its_name_is_free() throws IOException {
    try (DiskLogStore store = open(folder)) {
      PartitionLog old = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      old.append(Batches.of("old"), AppendSource.CLIENT).durable().join();
      store.delete(ORDERS);
      PartitionLog fresh = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      assertEquals(0, fresh.endOffset());
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(path -> path.toString().endsWith("-delete")));
    }
  }

  @Test
  void a_partition_has_nothing_of_a_deleted_one_of_its_name_that_a_process_before_had() {
    try (DiskLogStore store = open(folder)) {
      PartitionLog old = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      old.append(Batches.of("a", "b", "c"), AppendSource.CLIENT).durable().join();
      old.deleteRecordsBefore(3);
    }
    try (DiskLogStore store = open(folder)) {
      store.delete(ORDERS);
      PartitionLog fresh = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      fresh.append(Batches.of("d"), AppendSource.CLIENT).durable().join();
    }
    try (DiskLogStore store = open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(0, log.startOffset());
      assertEquals(List.of("d"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void a_partition_has_nothing_of_a_deleted_one_of_its_name_whose_deletion_was_cut_short()
      throws IOException {
    try (DiskLogStore store = open(folder.resolve("live"))) {
      PartitionLog old = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      old.append(Batches.of("a", "b", "c"), AppendSource.CLIENT).durable().join();
      old.deleteRecordsBefore(3);
    }
    Path partition = folder.resolve("live/orders-0");
    Files.move(partition, partition.resolveSibling("orders-0.0123-delete"));
    try (DiskLogStore store = open(folder.resolve("live"))) {
      PartitionLog fresh = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      fresh.append(Batches.of("d"), AppendSource.CLIENT).durable().join();
      copy(folder.resolve("live"), folder.resolve("crashed"));
    }
    try (DiskLogStore store = open(folder.resolve("crashed"))) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(List.of("d"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void names_that_lead_out_of_the_folder_are_refused() {
    try (DiskLogStore store = open(folder)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> store.create(new TopicPartition("../out", 0), Uuid.randomUuid(), Map.of()));
    }
  }

  @Test
  void unknown_configs_are_refused_and_known_ones_described() {
    assertThrows(
        InvalidConfigurationException.class,
        () -> TopicConfigs.validate(LayeredConfigs.of(Map.of("retention", "1"))));
    assertThrows(
        InvalidConfigurationException.class,
        () -> TopicConfigs.validate(LayeredConfigs.of(Map.of("retention.ms", "soon"))));
    TopicConfig retention =
        TopicConfigs.describe(LayeredConfigs.of(Map.of("retention.ms", "5"))).stream()
            .filter(config -> config.name().equals("retention.ms"))
            .findFirst()
            .orElseThrow();
    assertEquals("5", retention.value());
    assertEquals("604800000", retention.defaultValue());
    assertEquals(Map.of(ConfigLayer.TOPIC, "5"), retention.set());
  }

  @Test
  void a_thousand_partitions_open_again() {
    try (DiskLogStore store = open(folder)) {
      for (int i = 0; i < 1_000; i++) {
        store.create(new TopicPartition("many", i), Uuid.randomUuid(), Map.of());
      }
    }
    long begun = System.nanoTime();
    try (DiskLogStore store = open(folder)) {
      System.out.println(
          "1,000 partitions opened in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
      assertEquals(1_000, store.partitions().size());
    }
  }

  static DiskLogStore open(Path folder) {
    return DiskLogStore.open(folder, LogStoreOptions.defaults());
  }

  /** What {@code kill -9} leaves: every file as the operating system has it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
