package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.Services;
import io.sluice.client.SnsProducer;
import io.sluice.client.SnsSqsAdmin;
import io.sluice.client.SqsConsumer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client library on a Sluice process when answers, processes and clocks fail. */
class ClientFaultsTest {

  private static final Duration MOMENT = Duration.ofMillis(200);

  @TempDir Path folder;

  static Map<String, Object> configs(String endpoint) {
    return ClientConfigs.at(endpoint, "eu-central-1");
  }

  private static void create(String endpoint, String format) {
    try (SnsSqsAdmin admin = new SnsSqsAdmin(Services.of(configs(endpoint)))) {
      admin.createTopics(
          List.of(
              new NewTopic("orders", 4, (short) -1)
                  .configs(Map.of(SnsSqsAdmin.FORMAT_CONFIG, format))));
      admin.createGroup("dispatch", List.of("orders"));
    }
  }

  private static Producer<String, String> producer(String endpoint) {
    return new SnsProducer<>(
        configs(endpoint),
        new StringSerializer(),
        new StringSerializer(),
        Services.of(configs(endpoint)));
  }

  static Consumer<String, String> consumer(String endpoint) {
    Map<String, Object> configs = new HashMap<>(configs(endpoint));
    configs.put(ConsumerConfig.GROUP_ID_CONFIG, "dispatch");
    configs.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    configs.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 3000);
    configs.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1000);
    Consumer<String, String> consumer =
        new SqsConsumer<>(
            configs,
            new StringDeserializer(),
            new StringDeserializer(),
            Services.of(configs(endpoint)));
    consumer.subscribe(List.of("orders"));
    return consumer;
  }

  private static ProducerRecord<String, String> order(int i) {
    return new ProducerRecord<>("orders", "customer-" + i % 7, Integer.toString(i));
  }

  private static Map<String, List<String>> orders(int from, int to) {
    Map<String, List<String>> values = new TreeMap<>();
    IntStream.range(from, to)
        .mapToObj(ClientFaultsTest::order)
        .forEach(
            order ->
                values.computeIfAbsent(order.key(), k -> new ArrayList<>()).add(order.value()));
    return values;
  }

  /** Polls and commits until there are so many, and once more. */
  private static Map<String, List<String>> take(Consumer<String, String> consumer, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              consumer.poll(MOMENT).forEach(records::add);
              consumer.commitSync();
              return records.size() >= count;
            });
    consumer.poll(MOMENT).forEach(records::add);
    Map<String, List<String>> values = new TreeMap<>();
    records.forEach(
        record -> values.computeIfAbsent(record.key(), k -> new ArrayList<>()).add(record.value()));
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "packed"})
  void answers_that_are_lost_publish_nothing_twice(String format) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      String endpoint = sluice.process().aws();
      create(endpoint, format);
      int port = URI.create(endpoint).getPort();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      try (LossyProxy proxy = LossyProxy.before(port, 0.2)) {
        Producer<String, String> producer = producer("http://" + LossyProxy.HOST + ":" + port);
        for (int i = 0; i < 400; i++) {
          sent.add(producer.send(order(i)));
          if (i % 40 == 39) {
            producer.flush(); // many requests, so that some of their answers are lost
          }
        }
        producer.close();
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
      try (Consumer<String, String> consumer = consumer(endpoint)) {
        assertEquals(orders(0, 400), take(consumer, 400));
      }
    }
  }

  @Test
  void what_a_killed_process_had_not_committed_comes_again_and_nothing_else() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      String endpoint = sluice.process().aws();
      create(endpoint, "plain");
      try (Producer<String, String> producer = producer(endpoint)) {
        for (int i = 0; i < 14; i++) {
          producer.send(order(i));
        }
      }
      Path output = folder.resolve("consumer.log");
      Process killed =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  StuckConsumer.class.getName(),
                  endpoint)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> Files.readString(output).contains(StuckConsumer.STUCK));
      } finally {
        killed.destroyForcibly().waitFor();
      }
      String said = Files.readString(output);
      List<String> committed = StuckConsumer.committed(said);
      assertTrue(!committed.isEmpty() && committed.size() < 14, said);
      Map<String, List<String>> expected = orders(0, 14);
      expected.values().forEach(values -> values.removeAll(committed));
      expected.values().removeIf(List::isEmpty);
      try (Consumer<String, String> consumer = consumer(endpoint)) {
        assertEquals(expected, take(consumer, 14 - committed.size()));
      }
    }
  }

  @Test
  void clocks_that_differ_and_jump_change_nothing() throws Exception {
    PreloadedClock clock = new PreloadedClock(folder);
    clock.setAhead(Duration.ofHours(2));
    try (SluiceProcess sluice = clock.start(folder)) {
      String endpoint = sluice.process().aws();
      create(endpoint, "packed");
      try (Producer<String, String> producer = producer(endpoint);
          Consumer<String, String> consumer = consumer(endpoint)) {
        for (int i = 0; i < 50; i++) {
          producer.send(order(i));
        }
        producer.flush();
        assertEquals(orders(0, 50), take(consumer, 50));
        clock.setAhead(Duration.ofHours(-2));
        for (int i = 50; i < 100; i++) {
          producer.send(order(i));
        }
        producer.flush();
        assertEquals(orders(50, 100), take(consumer, 50));
        clock.setAhead(Duration.ofDays(2));
        for (int i = 100; i < 150; i++) {
          producer.send(order(i));
        }
        producer.flush();
        assertEquals(orders(100, 150), take(consumer, 50));
      }
    }
  }
}
