package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full disk refuses writes and nothing else, and loses nothing; with room again, all is well. */
class DiskFullTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final TopicPartition JOURNAL = new TopicPartition("journal", 0);

  @TempDir Path folder;

  /** What the file system says it has, which decides when writes are accepted again. */
  private final AtomicLong usable = new AtomicLong(Long.MAX_VALUE);

  private DiskLogStore open(FlushFile flushFile) {
    return DiskLogStore.open(
        folder, LogStoreOptions.defaults(), flushFile, new DiskSpace(folder, 0, usable::get));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 20, 61, 70})
  void an_append_that_does_not_fit_leaves_nothing_and_succeeds_once_there_is_room(long room) {
    try (DiskLogStore store = open(FlushFile.DATA)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      SmallDisk disk = SmallDisk.under(log, room);
      usable.set(0);
      assertThrows(
          DiskFullException.class, () -> log.append(Batches.of("lost"), AppendSource.CLIENT));

      assertEquals(List.of("a"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
      assertEquals(1, log.endOffset());
      assertEquals(List.of("the disk of " + folder + " is full"), store.faults());

      disk.room(Long.MAX_VALUE);
      usable.set(Long.MAX_VALUE);
      store.lookAtSpace();
      assertEquals(List.of(), store.faults());
      log.append(Batches.of("b"), AppendSource.CLIENT).durable().join();
      assertEquals(List.of("a", "b"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
    try (DiskLogStore store = open(FlushFile.DATA)) {
      assertEquals(
          List.of("a", "b"),
          Batches.read(store.partition(ORDERS).orElseThrow(), 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void while_the_disk_is_full_only_what_clients_bring_is_refused() {
    try (DiskLogStore store = open(FlushFile.DATA)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      PartitionLog journal = store.create(JOURNAL, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      SmallDisk.under(log, 5);
      usable.set(0);
      assertThrows(
          DiskFullException.class, () -> log.append(Batches.of("lost"), AppendSource.CLIENT));

      assertThrows(
          DiskFullException.class, () -> journal.append(Batches.of("x"), AppendSource.CLIENT));
      assertThrows(
          DiskFullException.class,
          () -> store.create(new TopicPartition("new", 0), Uuid.randomUuid(), Map.of()));
      journal.append(Batches.of("done with a"), AppendSource.COORDINATOR).durable().join();
      assertEquals(1, log.deleteRecordsBefore(1));
      store.delete(ORDERS);
    }
  }

  @Test
  void what_was_appended_before_the_disk_was_full_is_acknowledged() {
    FragileDisk flushes = new FragileDisk();
    try (DiskLogStore store = open(flushes)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      flushes.stall();
      Appended before = log.append(Batches.of("a"), AppendSource.CLIENT);
      SmallDisk.under(log, 5);
      assertThrows(
          DiskFullException.class, () -> log.append(Batches.of("lost"), AppendSource.CLIENT));
      flushes.resume();
      before.durable().join();
      assertEquals(List.of("a"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
    }
  }

  @Test
  void a_read_that_fails_takes_nothing_offline() {
    try (DiskLogStore store = open(FlushFile.DATA)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      log.append(Batches.of("a"), AppendSource.CLIENT).durable().join();
      SmallDisk disk = SmallDisk.under(log, Long.MAX_VALUE);
      disk.unreadable(true);
      assertThrows(
          KafkaStorageException.class, () -> log.read(0, 100, true, ReadIsolation.HIGH_WATERMARK));
      disk.unreadable(false);
      log.append(Batches.of("b"), AppendSource.CLIENT).durable().join();
      assertEquals(List.of("a", "b"), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
      assertEquals(List.of(), store.faults());
    }
  }

  @Test
  void many_appends_to_a_disk_that_is_full_now_and_then_leave_what_was_acknowledged() {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    RandomGenerator random = new SplittableRandom(seed);
    List<String> acknowledged = new ArrayList<>();
    Map<String, String> configs =
        Map.of("internal.segment.bytes", "2000", "index.interval.bytes", "100");
    try (DiskLogStore store = open(FlushFile.DATA)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), configs);
      for (int i = 0; i < 600; i++) {
        SmallDisk disk = random.nextInt(10) == 0 ? SmallDisk.under(log, random.nextInt(300)) : null;
        String value = i + "-" + "x".repeat(random.nextInt(200));
        try {
          log.append(Batches.of(value), AppendSource.CLIENT).durable().join();
          acknowledged.add(value);
        } catch (DiskFullException e) {
          store.lookAtSpace();
        }
        if (disk != null) {
          disk.room(Long.MAX_VALUE);
        }
      }
      assertEquals(
          acknowledged,
          Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK),
          () -> "-Dsluice.seed=" + seed);
    }
    try (DiskLogStore store = open(FlushFile.DATA)) {
      assertEquals(
          acknowledged,
          Batches.read(store.partition(ORDERS).orElseThrow(), 0, ReadIsolation.HIGH_WATERMARK),
          () -> "-Dsluice.seed=" + seed);
    }
  }

  @Test
  void the_reserve_is_given_up_when_the_disk_is_full_and_made_again_when_there_is_room()
      throws IOException {
    AtomicLong usable = new AtomicLong(100L << 20);
    DiskSpace space = new DiskSpace(folder, 4L << 20, usable::get);
    Path reserve = folder.resolve(DiskSpace.RESERVE_FILE);
    space.look();
    assertEquals(4L << 20, Files.size(reserve));

    usable.set(900 << 10);
    space.look();
    assertThrows(DiskFullException.class, space::check);
    assertTrue(Files.exists(reserve), "there is still something left");
    space.exhausted();
    assertFalse(Files.exists(reserve));

    usable.set(5L << 20);
    space.look();
    assertThrows(DiskFullException.class, space::check, "the reserve would fill it again");
    usable.set(6L << 20);
    space.look();
    space.check();
    assertEquals(4L << 20, Files.size(reserve));
  }
}
