package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path folder;

  @Test
  void a_record_is_neither_durable_nor_visible_before_it_is_flushed() throws Exception {
    Semaphore disk = new Semaphore(0);
    FlushFile slow =
        segment -> {
          disk.acquireUninterruptibly();
          segment.channel().force(false);
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), slow)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      try (ReadSignal signal = new ReadSignal()) {
        signal.watch(log);
        Appended appended = log.append(Batches.of("a"), AppendSource.CLIENT);

        assertFalse(appended.durable().isDone());
        assertEquals(0, log.highWatermark());
        assertEquals(List.of(), Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK));
        assertEquals(List.of("a"), Batches.read(log, 0, ReadIsolation.LOG_END));

        disk.release();
        assertTrue(signal.await(Duration.ofSeconds(30)));
        appended.durable().join();
        assertEquals(1, log.highWatermark());
      }
    }
  }

  @Test
  void one_flush_serves_everyone_who_waited_for_it() {
    Semaphore disk = new Semaphore(0);
    AtomicInteger flushes = new AtomicInteger();
    FlushFile slow =
        segment -> {
          disk.acquireUninterruptibly();
          flushes.incrementAndGet();
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), slow)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      List<Appended> appended = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        appended.add(log.append(Batches.of("v" + i), AppendSource.CLIENT));
      }
      disk.release(100);
      appended.forEach(append -> append.durable().join());
      assertTrue(flushes.get() <= 2, flushes + " flushes");
    }
  }

  @Test
  void a_failed_flush_takes_the_partition_offline_and_a_restart_recovers_it() {
    FlushFile broken =
        segment -> {
          throw new IOException("disk on fire");
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), broken)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      Appended appended = log.append(Batches.of("a"), AppendSource.CLIENT);
      CompletionException failure =
          assertThrows(CompletionException.class, () -> appended.durable().join());
      assertInstanceOf(KafkaStorageException.class, failure.getCause());
      assertThrows(
          KafkaStorageException.class, () -> log.append(Batches.of("b"), AppendSource.CLIENT));
      assertEquals(0, log.highWatermark());
    }
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.partition(ORDERS).orElseThrow();
      log.append(Batches.of("after"), AppendSource.CLIENT).durable().join();
      assertTrue(Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK).contains("after"));
    }
  }

  @Test
  void who_flushes_has_one_flush_to_do_and_serves_everyone_before() throws Exception {
    List<Thread> flushers = new CopyOnWriteArrayList<>();
    FlushFile counting = segment -> flushers.add(Thread.currentThread());
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), counting)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      Appended first =
          log.appendUnflushed(Batches.of("a"), AppendSource.CLIENT, TransactionAppend.NONE);
      Appended second =
          log.appendUnflushed(Batches.of("b"), AppendSource.CLIENT, TransactionAppend.NONE);
      assertFalse(first.durable().isDone(), "nobody was asked to flush");
      log.flush();
      assertTrue(first.durable().isDone() && second.durable().isDone());
      assertEquals(2, log.highWatermark());
      log.flush();
      assertEquals(List.of(Thread.currentThread()), flushers, "there was nothing more to flush");
      Appended third =
          log.appendUnflushed(Batches.of("c"), AppendSource.CLIENT, TransactionAppend.NONE);
      log.startFlush();
      third.durable().join();
      assertNotEquals(Thread.currentThread(), flushers.getLast());
    }
  }

  @Test
  void who_comes_during_the_flush_of_another_is_served_by_the_store() throws Exception {
    Semaphore disk = new Semaphore(0);
    FlushFile slow =
        segment -> {
          disk.acquireUninterruptibly();
          segment.channel().force(false);
        };
    try (DiskLogStore store = DiskLogStore.open(folder, LogStoreOptions.defaults(), slow)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      Appended first =
          log.appendUnflushed(Batches.of("a"), AppendSource.CLIENT, TransactionAppend.NONE);
      Thread flusher = Thread.ofPlatform().start(log::flush);
      while (!disk.hasQueuedThreads()) {
        Thread.onSpinWait();
      }
      Appended second =
          log.appendUnflushed(Batches.of("b"), AppendSource.CLIENT, TransactionAppend.NONE);
      log.flush();
      assertFalse(second.durable().isDone(), "the other's flush may have begun before");
      disk.release(1);
      first.durable().join();
      flusher.join();
      disk.release(1);
      second.durable().join();
      assertEquals(2, log.highWatermark());
    }
  }

  @Test
  void what_the_operating_system_has_is_visible_at_once_when_that_is_asked_for() {
    LogStoreOptions options = LogStoreOptions.defaults().withDurability(Durability.OS);
    FlushFile never =
        segment -> {
          throw new IOException("nobody should flush");
        };
    try (DiskLogStore store = DiskLogStore.open(folder, options, never)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      assertTrue(log.append(Batches.of("a"), AppendSource.CLIENT).durable().isDone());
      assertEquals(1, log.highWatermark());
    }
  }

  /** Kafka's log moves its recovery point when it flushes by itself. */
  @Test
  void a_topic_that_asks_for_flushes_is_not_flushed_twice() {
    Map<String, String> each = Map.of("flush.messages", "1");
    try (DiskLogStore store = DiskLogStoreTest.open(folder.resolve("fsync"))) {
      DiskPartition log = (DiskPartition) store.create(ORDERS, Uuid.randomUuid(), each);
      store.alterConfigs(ORDERS.topic(), each);
      log.appendUnflushed(Batches.of("a"), AppendSource.CLIENT, TransactionAppend.NONE);
      assertEquals(0, log.checkpoint().recoveryPoint());
    }
    LogStoreOptions options = LogStoreOptions.defaults().withDurability(Durability.OS);
    try (DiskLogStore store = DiskLogStore.open(folder.resolve("os"), options)) {
      DiskPartition log = (DiskPartition) store.create(ORDERS, Uuid.randomUuid(), each);
      log.append(Batches.of("a"), AppendSource.CLIENT);
      assertEquals(1, log.checkpoint().recoveryPoint());
    }
  }

  @Test
  void many_threads_append_and_each_record_is_there_once() throws Exception {
    try (DiskLogStore store = DiskLogStoreTest.open(folder)) {
      PartitionLog log = store.create(ORDERS, Uuid.randomUuid(), Map.of());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        String prefix = t + "-";
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        Appended appended = log.append(Batches.of(prefix + i), AppendSource.CLIENT);
                        appended.durable().join();
                        assertTrue(log.highWatermark() > appended.lastOffset());
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      List<String> values = Batches.read(log, 0, ReadIsolation.HIGH_WATERMARK);
      assertEquals(1_600, values.size());
      assertEquals(1_600, values.stream().distinct().count());
    }
  }
}
