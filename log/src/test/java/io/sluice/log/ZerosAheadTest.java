package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZerosAheadTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final String FIRST_SEGMENT = "00000000000000000000.log";

  @TempDir Path folder;

  private Path segment() {
    return folder.resolve("orders-0").resolve(FIRST_SEGMENT);
  }

  @Test
  void zeros_follow_the_records_until_the_log_is_closed() throws IOException {
    long bytes;
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      Await.until("there are zeros", () -> size(segment()) > log.sizeInBytes());
      log.append(Batches.of("b"), AppendSource.CLIENT).durable().join();

      byte[] file = Files.readAllBytes(segment());
      bytes = log.sizeInBytes();
      assertTrue(bytes < file.length);
      byte[] rest = Arrays.copyOfRange(file, (int) bytes, file.length);
      assertEquals(-1, Arrays.mismatch(new byte[rest.length], rest));
      assertEquals(List.of("a", "b"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
    assertEquals(bytes, size(segment()));
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      assertEquals(List.of("a", "b"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void where_nothing_is_flushed_there_are_no_zeros() {
    LogStoreOptions options = LogStoreOptions.defaults().withDurability(Durability.OS);
    try (DiskLogStore store = DiskLogStore.open(folder, options)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      log.append(Batches.of("b"), AppendSource.CLIENT).durable().join();
      assertEquals(log.sizeInBytes(), size(segment()));
    }
  }

  @Test
  void a_segment_is_cut_on_disk_before_records_of_the_next_are_promised() {
    ConcurrentMap<String, Long> zerosOnDisk = new ConcurrentHashMap<>();
    FlushFile disk =
        segment -> {
          long zeros = segment.channel().size() - segment.sizeInBytes();
          segment.channel().force(false);
          zerosOnDisk.put(segment.file().getName(), zeros);
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), disk)) {
      PartitionLog log =
          store.create(ORDERS, Uuid.randomUuid(), Map.of("internal.segment.bytes", "2000"));
      while (zerosOnDisk.size() < 2) {
        log.append(Batches.of("x".repeat(200)), AppendSource.CLIENT).durable().join();
      }
      assertEquals(0, zerosOnDisk.get(FIRST_SEGMENT));
    }
  }

  @Test
  void nothing_is_written_ahead_while_someone_appends_or_after_the_end() throws Exception {
    LogStoreOptions options = LogStoreOptions.defaults().withDurability(Durability.OS);
    try (DiskLogStore store = DiskLogStore.open(folder, options)) {
      DiskPartition log = (DiskPartition) store.create(ORDERS, Uuid.randomUuid(), Map.of());
      ZerosAhead zeros = new ZerosAhead(log.log());
      log.append(Batches.of("a"), AppendSource.CLIENT);
      long bytes = log.sizeInBytes();
      Thread extending = new Thread(zeros::extend);
      zeros.change(
          () -> {
            extending.start();
            Await.until("it waits", () -> extending.getState() == Thread.State.WAITING);
            assertEquals(bytes, size(segment()));
            return bytes;
          });
      extending.join();
      long extended = size(segment());
      assertTrue(extended > bytes);

      zeros.end();
      while (log.sizeInBytes() < extended) {
        log.append(Batches.of("b".repeat(1_000)), AppendSource.CLIENT);
      }
      long full = size(segment());
      zeros.extend();
      assertEquals(full, size(segment()));
    }
  }

  @Test
  void no_zero_is_written_over_a_record() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("no zero is written over a record: seed " + seed);
    Path crashed = folder.resolve("crashed");
    Map<String, String> configs = Map.of("internal.segment.bytes", "100000");
    List<String> all = new ArrayList<>();
    try (DiskLogStore store = DiskLogStoreTest.open(folder.resolve("live"))) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), configs);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed + t);
        List<String> own = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          own.add(t + "-" + i + "x".repeat(random.nextInt(3_000)));
        }
        all.addAll(own);
        threads.add(Thread.startVirtualThread(() -> append(log, own, random)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      DiskLogStoreTest.copy(folder.resolve("live"), crashed);
    }
    all.sort(null);
    for (Path data : List.of(folder.resolve("live"), crashed)) {
      try (DiskLogStore store = DiskLogStoreTest.open(data)) {
        PartitionLog log = store.partition(ORDERS).orElseThrow();
        List<String> found = Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK);
        assertEquals(all, found.stream().sorted().toList());
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("live/orders-0"))) {
      assertTrue(files.filter(file -> file.toString().endsWith(".log")).count() > 5);
    }
  }

  private static void append(PartitionLog log, List<String> values, Random random) {
    for (String value : values) {
      Appended appended = log.append(Batches.of(value), AppendSource.CLIENT);
      if (random.nextBoolean()) {
        appended.durable().join();
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
