package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Idempotent and transactional producers that lose answers, are taken over by others, and whose
 * broker is killed, against a simple model: what was committed is read once, whole and in order;
 * what was not is not read; and the offsets of a group are those of the last transaction.
 */
class TransactionCrashTest {

  private static final int ROUNDS = 3;
  private static final int WORKERS = 3;
  private static final int COMMITS_PER_ROUND = 25;

  /** Workers and broker need the processors. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static final double LOSS = 0.01;
  private static final List<TopicPartition> LEDGER =
      IntStream.range(0, 3).mapToObj(index -> new TopicPartition("ledger", index)).toList();
  private static final List<TopicPartition> COUNTER = List.of(new TopicPartition("counter", 0));

  @TempDir Path folder;

  @Test
  void no_duplicate_no_loss_and_nothing_uncommitted() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder, "--advertised-host", LossyProxy.HOST);
        LossyProxy proxy = LossyProxy.before(port(sluice), LOSS)) {
      String address = LossyProxy.HOST + ":" + port(sluice);
      createTopics(address);
      AtomicBoolean stop = new AtomicBoolean();
      List<TransactionalWorker> workers = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        TransactionalWorker worker = new TransactionalWorker("w" + i, address, stop);
        workers.add(worker);
        threads.add(Thread.ofPlatform().start(worker));
      }
      Counter counter = new Counter(address, stop);
      threads.add(Thread.ofPlatform().start(counter));
      for (int round = 1; round <= ROUNDS; round++) {
        int target = round * COMMITS_PER_ROUND;
        while (workers.stream().anyMatch(worker -> worker.committed() < target)) {
          assertTrue(threads.stream().allMatch(Thread::isAlive), "a worker has given up");
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        sluice.killAndRestart();
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      proxy.calm();
      check(address, workers, counter);
    }
  }

  private static int port(SluiceProcess sluice) {
    String address = sluice.process().kafka();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static void createTopics(String address) throws Exception {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("ledger", LEDGER.size(), (short) 1),
                  new NewTopic("source", WORKERS, (short) 1),
                  new NewTopic("counter", 1, (short) 1)))
          .all()
          .get();
    }
  }

  private static void check(String address, List<TransactionalWorker> workers, Counter counter)
      throws Exception {
    Map<String, TreeMap<Integer, List<String>>> seen = new HashMap<>();
    for (TopicPartition partition : LEDGER) {
      Map<String, Integer> last = new HashMap<>();
      for (String value : read(address, partition)) {
        String[] parts = value.split("/");
        int transaction = Integer.parseInt(parts[1]);
        int before = last.merge(parts[0], transaction, Math::max);
        assertEquals(transaction, before, () -> value + " is out of order");
        seen.computeIfAbsent(parts[0], worker -> new TreeMap<>())
            .computeIfAbsent(transaction, number -> new ArrayList<>())
            .add(value);
      }
    }
    for (TransactionalWorker worker : workers) {
      TreeMap<Integer, List<String>> read = seen.getOrDefault(worker.name(), new TreeMap<>());
      worker.check(read);
      assertEquals(
          read.lastKey() + 1,
          committedOffset(address, worker.name()),
          "offsets of " + worker.name());
    }
    assertEquals(counter.sent(), read(address, COUNTER.getFirst()));
  }

  private static long committedOffset(String address, String group) throws Exception {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return offsets.values().iterator().next().offset();
    }
  }

  /** What a reader of committed records sees, to the end. */
  private static List<String> read(String address, TopicPartition partition) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                address,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      while (consumer.position(partition) < endOffset(address, partition)) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  /** The end of what is written, committed or not: every transaction must have ended. */
  private static long endOffset(String address, TopicPartition partition) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address),
            new StringDeserializer(),
            new StringDeserializer())) {
      return consumer.endOffsets(Set.of(partition)).getOrDefault(partition, Long.MAX_VALUE);
    }
  }
}
