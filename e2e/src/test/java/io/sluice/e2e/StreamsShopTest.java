package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kafka Streams with exactly-once v2: a word count and a windowed join, each of whose results is
 * there once, though application and broker are killed in the middle.
 */
class StreamsShopTest {

  private static final int ORDERS = 600;
  private static final int WORDS = 7;
  private static final Duration PACE = Duration.ofMillis(10);
  private static final Duration BOUND = Duration.ofMinutes(3);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void every_word_counts_once_and_every_order_is_paid_once(String protocol) throws Exception {
    // One that was killed is missed soon.
    try (SluiceProcess sluice = SluiceProcess.in(folder, "--group-session-timeout-ms", "6000")) {
      createTopics(sluice);
      AtomicInteger acknowledged = new AtomicInteger();
      Thread customers = Thread.ofVirtual().start(() -> order(sluice, acknowledged));
      Process shop = start(sluice, protocol);
      try {
        Results results = new Results(sluice, folder.resolve("shop.log"));
        results.readUntil("some is done", () -> results.paid.size() > ORDERS / 10);
        shop.destroyForcibly().onExit().join();
        shop = start(sluice, protocol);
        int before = results.paid.size();
        results.readUntil("it goes on", () -> results.paid.size() > before + ORDERS / 10);
        sluice.killAndRestart();
        results.readUntil(
            "all is done", () -> results.paid.size() >= ORDERS && results.counted() >= ORDERS);
        customers.join();
        assertEquals(3 * ORDERS, acknowledged.get());
        results.assertExactlyOnce();
      } finally {
        shop.destroyForcibly().onExit().join();
      }
    }
  }

  private Process start(SluiceProcess sluice, String protocol) {
    return new JavaProgram("kafka-streams", "StreamsShop.java")
        .start(
            folder.resolve("shop.log"),
            sluice.process().kafka(),
            folder.resolve("state").toString(),
            protocol);
  }

  private static void createTopics(SluiceProcess sluice) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("lines", 2, (short) 1),
                  new NewTopic("orders", 2, (short) 1),
                  new NewTopic("payments", 2, (short) 1),
                  new NewTopic("words", 1, (short) 1),
                  new NewTopic("paid", 1, (short) 1)))
          .all()
          .get();
    }
  }

  /** Orders as fast as they are acknowledged, over restarts of the broker. */
  private static void order(SluiceProcess sluice, AtomicInteger acknowledged) {
    try (KafkaProducer<String, String> producer = sluice.producer()) {
      for (int i = 0; i < ORDERS; i++) {
        for (ProducerRecord<String, String> record :
            List.of(
                new ProducerRecord<String, String>("lines", "word-" + i % WORDS),
                new ProducerRecord<>("orders", "order-" + i, "order"),
                new ProducerRecord<>("payments", "order-" + i, "payment"))) {
          producer.send(record).get();
          acknowledged.incrementAndGet();
        }
        // Slowly enough that what is killed is in the middle.
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("the customers gave up", e);
    }
  }

  /** What is committed of the results, in their order. Owned by one thread. */
  private static final class Results {
    private static final TopicPartition WORDS_OUT = new TopicPartition("words", 0);
    private static final TopicPartition PAID = new TopicPartition("paid", 0);

    private final SluiceProcess sluice;
    private final Path log;
    private final List<String> paid = new ArrayList<>();
    private final Map<String, List<String>> counts = new TreeMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    Results(SluiceProcess sluice, Path log) {
      this.sluice = sluice;
      this.log = log;
      positions.put(WORDS_OUT, 0L);
      positions.put(PAID, 0L);
    }

    int counted() {
      return counts.values().stream().mapToInt(List::size).sum();
    }

    void readUntil(String what, BooleanSupplier condition) {
      long deadline = System.nanoTime() + BOUND.toNanos();
      try (KafkaConsumer<String, String> consumer = sluice.committed()) {
        consumer.assign(positions.keySet());
        positions.forEach(consumer::seek);
        while (!condition.getAsBoolean()) {
          assertTrue(
              System.nanoTime() < deadline,
              () ->
                  "not so: "
                      + what
                      + "; "
                      + paid.size()
                      + " paid, "
                      + counted()
                      + " counted"
                      + failures());
          consumer.poll(Duration.ofMillis(100)).forEach(this::add);
        }
        positions.replaceAll((partition, position) -> consumer.position(partition));
      }
    }

    /** What the application has last complained of. */
    private String failures() {
      try (Stream<String> lines = Files.lines(log)) {
        List<String> failures = lines.filter(line -> line.contains("Exception")).toList();
        return failures.subList(Math.max(0, failures.size() - 5), failures.size()).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void add(ConsumerRecord<String, String> record) {
      if (record.topic().equals("paid")) {
        paid.add(record.key());
      } else {
        counts.computeIfAbsent(record.key(), word -> new ArrayList<>()).add(record.value());
      }
    }

    void assertExactlyOnce() {
      assertEquals(ORDERS, paid.size());
      assertEquals(
          IntStream.range(0, ORDERS).mapToObj(i -> "order-" + i).collect(Collectors.toSet()),
          Set.copyOf(paid));
      counts.forEach(
          (word, values) ->
              assertEquals(
                  IntStream.rangeClosed(1, values.size()).mapToObj(Integer::toString).toList(),
                  values,
                  word));
      assertEquals(ORDERS, counted());
    }
  }
}
