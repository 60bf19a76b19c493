package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedAppendsTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final int MANY = 1_000;

  @TempDir Path folder;

  /** Each flush needs a permit. */
  private final Semaphore disk = new Semaphore(0);

  private DiskLogStore open() {
    return DiskLogStore.open(
        folder,
        LogStoreOptions.defaults(),
        segment -> {
          disk.acquireUninterruptibly();
          segment.channel().force(false);
        });
  }

  @Test
  void who_comes_during_a_flush_shares_the_next_batch_and_learns_their_own_offset() {
    try (DiskLogStore store = open()) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      CompletableFuture<Long> first = log.append(records("first"));
      List<CompletableFuture<Long>> others =
          IntStream.range(0, 20).mapToObj(i -> log.append(records("a" + i, "b" + i))).toList();

      assertEquals(1, log.endOffset());
      disk.release(MANY);
      assertEquals(0, first.join());
      for (int i = 0; i < 20; i++) {
        assertEquals(1 + 2 * i, others.get(i).join());
      }
      assertEquals(2, batches(log).size());
      List<String> values = Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK);
      assertEquals(List.of("first", "a0", "b0", "a1", "b1"), values.subList(0, 5));
      assertEquals(41, values.size());
    }
  }

  @Test
  void nobody_is_answered_before_their_records_are_durable() {
    try (DiskLogStore store = open()) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      CompletableFuture<Long> first = log.append(records("first"));
      CompletableFuture<Long> second = log.append(records("second"));
      disk.release();
      first.join();
      Await.until("the second is written", () -> log.endOffset() == 2);

      assertEquals(1, log.highWatermark());
      assertTrue(!second.isDone());
      disk.release(MANY);
      assertEquals(1, second.join());
    }
  }

  @Test
  void records_at_fault_do_not_take_their_neighbours_down() {
    try (DiskLogStore store = open()) {
      PartitionLog log =
          store.create(ORDERS, Uuid.randomUuid(), Map.of("cleanup.policy", "compact"));
      SimpleRecord good = new SimpleRecord(bytes("key"), bytes("value"));
      CompletableFuture<Long> first = log.append(List.of(good));
      CompletableFuture<Long> before = log.append(List.of(good));
      CompletableFuture<Long> bad = log.append(List.of(good, new SimpleRecord(bytes("no key"))));
      CompletableFuture<Long> after = log.append(List.of(good));
      disk.release(MANY);

      assertEquals(0, first.join());
      assertEquals(1, before.join());
      assertEquals(2, after.join());
      Throwable refused = failure(bad);
      assertInstanceOf(InvalidRecordException.class, refused);
      assertEquals(
          List.of(1),
          assertInstanceOf(RejectedRecords.class, refused).faults().stream()
              .map(RejectedRecords.Fault::index)
              .toList());
    }
  }

  @Test
  void a_shared_batch_is_no_larger_than_the_topic_allows() {
    try (DiskLogStore store = open()) {
      PartitionLog log =
          store.create(ORDERS, Uuid.randomUuid(), Map.of("max.message.bytes", "1000"));
      CompletableFuture<Long> first = log.append(records("first"));
      List<CompletableFuture<Long>> fitting =
          IntStream.range(0, 10).mapToObj(i -> log.append(records("x".repeat(400)))).toList();
      CompletableFuture<Long> tooLarge = log.append(records("x".repeat(1_000)));
      disk.release(MANY);

      first.join();
      assertEquals(
          IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList(),
          fitting.stream().map(CompletableFuture::join).toList());
      assertInstanceOf(RecordTooLargeException.class, failure(tooLarge));
      assertTrue(batches(log).stream().allMatch(batch -> batch.sizeInBytes() <= 1_000));
    }
  }

  @Test
  void much_does_not_wait_in_memory_for_a_slow_disk() {
    try (DiskLogStore store = open()) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      List<CompletableFuture<Long>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(log.append(records("x".repeat(100_000))));
      }
      assertTrue(log.endOffset() >= 95, log.endOffset() + " of 100 are written");
      disk.release(MANY);
      for (int i = 0; i < 100; i++) {
        assertEquals(i, all.get(i).join());
      }
    }
  }

  @Test
  void a_failed_flush_is_everybodys_failure() {
    FlushFile broken =
        segment -> {
          disk.acquireUninterruptibly();
          throw new IOException("disk on fire");
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), broken)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      CompletableFuture<Long> first = log.append(records("first"));
      CompletableFuture<Long> second = log.append(records("second"));
      CompletableFuture<Long> third = log.append(records("third"));
      disk.release(MANY);

      for (CompletableFuture<Long> append : List.of(first, second, third)) {
        assertInstanceOf(KafkaStorageException.class, failure(append));
      }
      assertInstanceOf(KafkaStorageException.class, failure(log.append(records("later"))));
    }
  }

  @Test
  void a_bug_while_writing_is_told_to_those_it_hits_and_to_nobody_after_them() {
    Queue<Appended> answers = new ArrayDeque<>();
    SharedAppends appends =
        new SharedAppends(
            new SharedAppends.Writer() {
              @Override
              public Appended append(MemoryRecords records) {
                if (answers.isEmpty()) {
                  throw new AssertionError("a bug");
                }
                return answers.remove();
              }

              @Override
              public void startFlush() {
                // The test ends it.
              }

              @Override
              public void flush() {
                // The test ends it.
              }
            },
            () -> 1_000_000);
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    answers.add(new Appended(0, 0, -1, 0, flushed));
    CompletableFuture<Long> first = appends.append(records("first"));
    CompletableFuture<Long> hit = appends.append(records("hit"));
    CompletableFuture<Long> hitToo = appends.append(records("hit too"));
    flushed.complete(null);

    assertEquals(0, first.join());
    assertInstanceOf(AssertionError.class, failure(hit));
    assertInstanceOf(AssertionError.class, failure(hitToo));
    answers.add(new Appended(1, 1, -1, 0, CompletableFuture.completedFuture(null)));
    assertEquals(1, appends.append(records("after")).join());
  }

  @Test
  void who_waits_when_the_partition_is_deleted_hears_of_it() {
    try (DiskLogStore store = open()) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      CompletableFuture<Long> first = log.append(records("first"));
      CompletableFuture<Long> second = log.append(records("second"));
      store.delete(ORDERS);

      assertInstanceOf(KafkaStorageException.class, failure(first));
      assertInstanceOf(KafkaStorageException.class, failure(second));
      disk.release(MANY);
    }
  }

  @Test
  void where_nobody_waits_for_the_disk_records_have_their_offset_on_return() {
    LogStoreOptions options = LogStoreOptions.defaults().withDurability(Durability.OS);
    try (DiskLogStore store = DiskLogStore.open(folder, options)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      assertEquals(0, log.append(records("a", "b")).getNow(-1L));
      assertEquals(2, log.append(records("c")).getNow(-1L));
      store.delete(ORDERS);
      assertInstanceOf(KafkaStorageException.class, failure(log.append(records("d"))));
    }
  }

  @Test
  void a_crowd_on_a_moody_disk_loses_nothing_and_keeps_the_order_of_each() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("a crowd on a moody disk: seed " + seed);
    disk.release(100 * MANY);
    try (DiskLogStore store = open()) {
      PartitionLog log =
          store.create(ORDERS, Uuid.randomUuid(), Map.of("max.message.bytes", "20000"));
      List<Caller> callers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        callers.add(new Caller(log, i, new Random(seed + i)));
      }
      List<Thread> threads = callers.stream().map(Thread.ofVirtual()::start).toList();
      Random moods = new Random(seed - 1);
      while (threads.stream().anyMatch(Thread::isAlive)) {
        int held = disk.drainPermits();
        LockSupport.parkNanos(moods.nextInt(1_000_000));
        disk.release(held);
        LockSupport.parkNanos(moods.nextInt(1_000_000));
      }
      List<String> values = Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK);
      Map<Long, String> expected = new HashMap<>();
      for (Caller caller : callers) {
        caller.check();
        caller.acknowledged.forEach(
            (offset, value) -> assertEquals(null, expected.put(offset, value), "seed " + seed));
      }
      assertEquals(expected.size(), values.size(), "seed " + seed);
      for (int i = 0; i < values.size(); i++) {
        assertEquals(expected.get((long) i), values.get(i), "seed " + seed);
      }
    }
  }

  /** Appends calls of up to three records, some of which are too large; waits now and then. */
  private static final class Caller implements Runnable {

    /** Owned by the caller's thread until that has ended. */
    final Map<Long, String> acknowledged = new HashMap<>();

    private final PartitionLog log;
    private final int number;
    private final Random random;
    private final List<Long> offsets = new ArrayList<>();
    private final List<CompletableFuture<Long>> pending = new ArrayList<>();
    private final List<String[]> sent = new ArrayList<>();

    Caller(PartitionLog log, int number, Random random) {
      this.log = log;
      this.number = number;
      this.random = random;
    }

    @Override
    public void run() {
      for (int i = 0; i < 200; i++) {
        String[] values = new String[1 + random.nextInt(3)];
        for (int j = 0; j < values.length; j++) {
          int length = random.nextInt(50) == 0 ? 20_000 : random.nextInt(2_000);
          values[j] = number + "-" + i + "-" + j + "x".repeat(length);
        }
        sent.add(values);
        pending.add(log.append(records(values)));
        if (random.nextInt(3) > 0) {
          settle();
        }
      }
      settle();
    }

    private void settle() {
      for (int i = 0; i < pending.size(); i++) {
        String[] values = sent.get(i);
        boolean isTooLarge = List.of(values).stream().anyMatch(value -> value.length() > 20_000);
        if (isTooLarge) {
          assertInstanceOf(RecordTooLargeException.class, failure(pending.get(i)));
        } else {
          long offset = pending.get(i).join();
          offsets.add(offset);
          for (String value : values) {
            acknowledged.put(offset++, value);
          }
        }
      }
      pending.clear();
      sent.clear();
    }

    void check() {
      assertTrue(pending.isEmpty(), "caller " + number + " ended early");
      assertEquals(offsets.stream().sorted().toList(), offsets, "in the order of calls");
    }
  }

  private static List<SimpleRecord> records(String... values) {
    return List.of(values).stream().map(value -> new SimpleRecord(bytes(value))).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Throwable failure(CompletableFuture<Long> append) {
    return assertThrows(CompletionException.class, append::join).getCause();
  }

  private static List<RecordBatch> batches(PartitionLog log) {
    List<RecordBatch> batches = new ArrayList<>();
    log.read(0, 1 << 20, true, ReadIsolation.HIGH_WATERMARK)
        .records()
        .batches()
        .forEach(batches::add);
    return batches;
  }
}
