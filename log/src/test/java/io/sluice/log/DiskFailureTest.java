package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a disk that refuses a write does to the partition, and does not do to the others. An
 * interrupted thread stands for the full disk: Java fails its write, and closes the file.
 */
class DiskFailureTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final TopicPartition OTHER = new TopicPartition("other", 0);

  @TempDir Path folder;

  @Test
  void a_partition_whose_write_fails_is_offline_until_a_restart_and_the_others_live_on() {
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      PartitionLog other = store.create(OTHER, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      failToWrite(log);

      assertThrows(
          KafkaStorageException.class, () -> log.append(Batches.of("c"), AppendSource.CLIENT));
      assertThrows(
          KafkaStorageException.class,
          () -> log.read(0, 1_000, true, ReadIsolation.HIGH_WATERMARK));
      other.append(Batches.of("d"), AppendSource.CLIENT).durable().join();
      assertEquals(List.of("d"), Batches.read(other, 0, ReadIsolation.HIGH_WATERMARK));
    }
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      log.append(Batches.of("after"), AppendSource.CLIENT).durable().join();
      assertEquals(List.of("a", "after"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void an_error_while_flushing_keeps_nobody_waiting() {
    FlushFile failing =
        records -> {
          throw new StackOverflowError("somebody's");
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), failing)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      CompletableFuture<Void> durable = log.append(Batches.of("a"), AppendSource.CLIENT).durable();
      assertThrows(CompletionException.class, durable::join);
      assertEquals(1, store.faults().size());
    }
  }

  @Test
  void a_partition_that_cannot_be_read_says_so() {
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      Thread.currentThread().interrupt();
      try {
        for (int i = 0; i < 2; i++) {
          assertThrows(
              KafkaStorageException.class,
              () -> log.read(0, 1_000, true, ReadIsolation.HIGH_WATERMARK));
        }
      } finally {
        assertTrue(Thread.interrupted());
      }
    }
  }

  @Test
  void a_partition_that_could_not_be_created_can_be_once_the_disk_is_well() {
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      Thread.currentThread().interrupt();
      try {
        assertThrows(
            KafkaStorageException.class, () -> store.create(ORDERS, Uuid.randomUuid(), Map.of()));
      } finally {
        assertTrue(Thread.interrupted());
      }
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
    }
  }

  @Test
  void whoever_waits_for_a_partition_is_woken_when_its_write_fails() throws Exception {
    try (DiskLogStore store = DiskLogStoreTest.open(folder);
        ReadSignal signal = new ReadSignal()) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      signal.watch(log);
      failToWrite(log);
      assertTrue(signal.await(Duration.ofSeconds(30)));
    }
  }

  @Test
  void retention_goes_on_behind_a_partition_whose_write_failed() {
    Map<String, String> configs = Map.of("internal.segment.bytes", "300", "retention.bytes", "0");
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      for (int i = 0; i < 10; i++) {
        PartitionLog log =
            store.create(new TopicPartition("orders", i), Uuid.randomUuid(), configs);
        log.append(Batches.of("x".repeat(200)), AppendSource.CLIENT).durable().join();
        log.append(Batches.of("x".repeat(200)), AppendSource.CLIENT).durable().join();
      }
      failToWrite(store.partition(new TopicPartition("orders", 5)).orElseThrow());
      store.applyRetention();
      assertEquals(
          9, store.partitions().stream().filter(partition -> partition.startOffset() > 0).count());
    }
  }

  @Test
  void a_partition_whose_flush_failed_is_checked_by_the_next_start_though_it_was_closed()
      throws IOException {
    boolean[] broken = {false};
    long length;
    FlushFile breaks =
        segment -> {
          if (broken[0]) {
            throw new IOException("disk on fire");
          }
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), breaks)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      broken[0] = true;
      Appended lost = log.append(Batches.of("b"), AppendSource.CLIENT);
      CompletionException failure =
          assertThrows(CompletionException.class, () -> lost.durable().join());
      assertInstanceOf(KafkaStorageException.class, failure.getCause());
      length = log.sizeInBytes();
    }
    Path segment = folder.resolve("orders-0/00000000000000000000.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(length - 3);
      file.write(0x7f);
    }
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(1, log.endOffset(), "what the disk lost is cut off");
      assertEquals(List.of("a"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void a_flush_that_fails_unexpectedly_leaves_nobody_waiting() {
    FlushFile broken =
        segment -> {
          throw new IllegalStateException("a defect");
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), broken)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      Appended lost = log.append(Batches.of("a"), AppendSource.CLIENT);
      CompletionException failure =
          assertThrows(
              CompletionException.class,
              () -> lost.durable().orTimeout(30, TimeUnit.SECONDS).join());
      assertInstanceOf(KafkaStorageException.class, failure.getCause());
      assertThrows(
          KafkaStorageException.class, () -> log.append(Batches.of("b"), AppendSource.CLIENT));
    }
  }

  @Test
  void a_failure_that_only_kafkas_own_flush_heard_of_is_no_acknowledgement() {
    Semaphore disk = new Semaphore(0);
    FlushFile slow = segment -> disk.acquireUninterruptibly();
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), slow)) {
      DiskPartition log = (DiskPartition) store.create(ORDERS, Uuid.randomUuid(), Map.of());
      Appended lost = log.append(Batches.of("a"), AppendSource.CLIENT);
      log.log()
          .logDirFailureChannel()
          .maybeAddOfflineLogDir(log.log().parentDir(), "flush", new IOException("disk on fire"));
      disk.release();
      assertThrows(CompletionException.class, () -> lost.durable().join());
      assertEquals(0, log.highWatermark());
    }
  }

  private static void failToWrite(PartitionLog log) {
    Thread.currentThread().interrupt();
    try {
      assertThrows(
          KafkaStorageException.class, () -> log.append(Batches.of("b"), AppendSource.CLIENT));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
