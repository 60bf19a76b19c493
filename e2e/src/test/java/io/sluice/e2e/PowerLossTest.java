package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewMessage;
import io.sluice.broker.NewRecord;
import io.sluice.broker.Queue;
import io.sluice.broker.ReceivedMessage;
import io.sluice.log.DiskLogStore;
import io.sluice.log.Durability;
import io.sluice.log.Fetched;
import io.sluice.log.LogStoreOptions;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The power fails under a real server: whatever part of the unflushed writes reaches the disk, torn
 * and in any order, everything that was acknowledged is there. One server is recorded under load;
 * each seed chooses the moment of the failure and what is left ({@code -Dsluice.seeds} of them, or
 * {@code -Dsluice.seed} alone).
 */
class PowerLossTest {

  private static final int SEEDS = Integer.getInteger("sluice.seeds", 100);
  private static final int ACKNOWLEDGEMENTS = 1_500;

  /** What clients were told, and when they had been told, by {@link System#nanoTime}. */
  private static final class Told {
    private final Map<String, Long> produced = new ConcurrentHashMap<>();
    private final Map<String, Long> topics = new ConcurrentHashMap<>();
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> deleting = new ConcurrentHashMap<>();
    private final Map<String, Long> deleted = new ConcurrentHashMap<>();

    int size() {
      return produced.size() + sent.size() + deleted.size();
    }

    private static Set<String> before(Map<String, Long> times, long nanos) {
      Set<String> names = new HashSet<>();
      times.forEach(
          (name, time) -> {
            if (time < nanos) {
              names.add(name);
            }
          });
      return names;
    }
  }

  /** They tell of every torn end. */
  private static final List<Logger> RECOVERY =
      List.of(Logger.getLogger("org.apache.kafka.storage"), Logger.getLogger("io.sluice.log"));

  @TempDir Path folder;

  @BeforeAll
  static void silence() {
    RECOVERY.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @AfterAll
  static void speak() {
    RECOVERY.forEach(logger -> logger.setLevel(null));
  }

  /** What is to be seen of a broker's folder after a power failure. */
  private interface Check {

    /**
     * @param nanos when the power failed, by {@link System#nanoTime}
     * @param what names the failure
     */
    void check(Path left, Told told, long nanos, String what) throws Exception;
  }

  @Test
  void nothing_acknowledged_is_missing_whatever_a_power_failure_leaves() throws Exception {
    eachSeed(SEEDS, "fsync", PowerLossTest::checkNothingIsMissing);
  }

  @Test
  void without_flushes_the_end_is_lost_but_no_topic_and_nothing_that_comes_after()
      throws Exception {
    eachSeed(SEEDS / 2, "os", PowerLossTest::checkWorkGoesOn);
  }

  private void eachSeed(int atMost, String durability, Check check) throws Exception {
    TracedDisk disk = TracedDisk.in(folder);
    Told told = new Told();
    Path data;
    List<String> traced = disk.environment(folder.resolve("data"), true);
    try (SluiceProcess sluice =
        SluiceProcess.under(
            traced, folder, "--disk-reserve-bytes", "0", "--durability", durability)) {
      data = sluice.data();
      load(sluice, told);
      sluice.process().kill();
    }
    int events = disk.load();
    long first = Long.getLong("sluice.seed", 0);
    int seeds = Long.getLong("sluice.seed") == null ? atMost : 1;
    for (long seed = first; seed < first + seeds; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      int event = random.nextInt(events);
      Path left = folder.resolve("seed" + seed);
      disk.afterPowerLoss(data, event, random, left);
      String what = "seed %d, event %d of %d: ".formatted(seed, event, events);
      try {
        check.check(left, told, disk.nanosOf(event), what);
      } catch (RuntimeException e) {
        throw new AssertionError(what + e, e);
      }
      Utils.delete(left.toFile());
    }
  }

  private static void load(SluiceProcess sluice, Told told) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (SqsClient sqs = sluice.sqs();
        Admin admin = sluice.admin();
        KafkaProducer<String, String> producer = sluice.producer()) {
      NewTopic orders = new NewTopic("orders", 2, (short) 1);
      admin.createTopics(List.of(orders.configs(Map.of("segment.bytes", "1048576")))).all().get();
      String url = sqs.createQueue(request -> request.queueName("work")).queueUrl();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        String prefix = "order-" + i + "-";
        clients.add(Thread.ofVirtual().start(() -> produce(producer, prefix, told, stop)));
        String message = "message-" + i + "-";
        clients.add(Thread.ofVirtual().start(() -> send(sqs, url, message, told, stop)));
      }
      clients.add(Thread.ofVirtual().start(() -> work(sqs, url, told, stop)));
      clients.add(Thread.ofVirtual().start(() -> create(admin, told, stop)));
      await().atMost(Duration.ofMinutes(2)).until(() -> told.size() > ACKNOWLEDGEMENTS);
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
  }

  private static void produce(
      KafkaProducer<String, String> producer, String prefix, Told told, AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      String value = prefix + i + "-" + "x".repeat(i * 37 % 12_000);
      try {
        RecordMetadata at = producer.send(new ProducerRecord<>("orders", value)).get();
        told.produced.put(at.partition() + " " + at.offset() + " " + value, System.nanoTime());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void send(
      SqsClient sqs, String url, String prefix, Told told, AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      String body = prefix + i;
      sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
      told.sent.put(body, System.nanoTime());
    }
  }

  private static void work(SqsClient sqs, String url, Told told, AtomicBoolean stop) {
    while (!stop.get()) {
      for (Message message :
          sqs.receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(3)).messages()) {
        told.deleting.put(message.body(), System.nanoTime());
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
        told.deleted.put(message.body(), System.nanoTime());
      }
    }
  }

  private static void create(Admin admin, Told told, AtomicBoolean stop) {
    for (int i = 0; !stop.get() && i < 20; i++) {
      String name = "made-" + i;
      try {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        told.topics.put(name, System.nanoTime());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void checkNothingIsMissing(Path left, Told told, long nanos, String what)
      throws Exception {
    Instant later = Instant.now().plus(Duration.ofHours(1));
    BrokerOptions options = BrokerOptions.defaults().withClock(() -> later);
    try (DiskLogStore log = DiskLogStore.open(left, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, left, options)) {
      assertEquals(List.of(), log.faults(), what);
      assertEquals(Map.of(), log.damagedRanges(), what);
      Set<String> topics = Told.before(told.topics, nanos);
      topics.removeIf(name -> broker.topics().find(name).isPresent());
      assertEquals(Set.of(), topics, what + "topics");
      Set<String> produced = Told.before(told.produced, nanos);
      if (!produced.isEmpty()) {
        produced.removeAll(records(broker, "orders", 2));
        assertEquals(Set.of(), shortened(produced), what + "records");
      }
      checkQueue(broker, told, nanos, what);
    }
  }

  private static void checkWorkGoesOn(Path left, Told told, long nanos, String what)
      throws Exception {
    Instant later = Instant.now().plus(Duration.ofHours(1));
    BrokerOptions options = BrokerOptions.defaults().withClock(() -> later);
    try (DiskLogStore log =
            DiskLogStore.open(left, LogStoreOptions.defaults().withDurability(Durability.OS));
        Broker broker = Broker.open(log, left, options)) {
      Set<String> topics = Told.before(told.topics, nanos);
      topics.removeIf(name -> broker.topics().find(name).isPresent());
      assertEquals(Set.of(), topics, what + "topics");
      if (Told.before(told.sent, nanos).isEmpty()) {
        return;
      }
      Queue queue = broker.queues().find("work").orElseThrow();
      NewRecord after = new NewRecord(null, "after".getBytes(UTF_8), List.of());
      queue.send(List.of(new NewMessage(after, Duration.ZERO))).getFirst().join();
      assertTrue(receiveAll(queue).contains("after"), what + "a message that came after");
    }
  }

  private static void checkQueue(Broker broker, Told told, long nanos, String what)
      throws InterruptedException {
    Set<String> missing = Told.before(told.sent, nanos);
    if (missing.isEmpty()) {
      return;
    }
    Queue queue = broker.queues().find("work").orElseThrow();
    Set<String> received = receiveAll(queue);
    missing.removeAll(Told.before(told.deleting, nanos));
    missing.removeAll(received);
    assertEquals(Set.of(), missing, what + "messages");
    received.retainAll(Told.before(told.deleted, nanos));
    assertEquals(Set.of(), received, what + "deleted messages are back");
  }

  private static Set<String> receiveAll(Queue queue) throws InterruptedException {
    Set<String> received = new HashSet<>();
    List<ReceivedMessage> some = queue.receive(10, Duration.ofHours(1), Duration.ZERO);
    while (!some.isEmpty()) {
      some.forEach(message -> received.add(text(message.record())));
      some = queue.receive(10, Duration.ofHours(1), Duration.ZERO);
    }
    return received;
  }

  private static Set<String> records(Broker broker, String topic, int partitions) {
    Set<String> records = new HashSet<>();
    for (int i = 0; i < partitions; i++) {
      PartitionLog log = broker.topics().partition(topic, i);
      long offset = 0;
      while (offset < log.highWatermark()) {
        Fetched fetched = log.readChecked(offset, 1 << 20, ReadIsolation.HIGH_WATERMARK);
        for (Record record : fetched.records().records()) {
          records.add(i + " " + record.offset() + " " + text(record));
          offset = record.offset() + 1;
        }
      }
    }
    return records;
  }

  private static String text(Record record) {
    return Utils.utf8(record.value());
  }

  private static Set<String> shortened(Set<String> values) {
    Set<String> shortened = new HashSet<>();
    values.forEach(value -> shortened.add(value.substring(0, Math.min(40, value.length()))));
    return shortened;
  }
}
