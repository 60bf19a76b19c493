package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.client.SnsProducer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Tag;

/** Kafka's producer on SNS, as a Kafka consumer of the same broker sees it. */
class SnsProducerTest {

  @TempDir Path folder;
  private SluiceProcess sluice;

  @BeforeEach
  void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.putAll(ClientConfigs.at(sluice.process().aws(), "eu-central-1"));
    configs.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    configs.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    return new SnsProducer<>(configs);
  }

  private void create(String topic, String format) {
    try (SnsClient sns = sluice.sns()) {
      sns.createTopic(
          r ->
              r.name(topic)
                  .attributes(Map.of("FifoTopic", Boolean.toString(topic.endsWith(".fifo"))))
                  .tags(
                      Tag.builder().key("sluice:format").value(format).build(),
                      Tag.builder().key("sluice:partitions").value("4").build()));
    }
  }

  @Test
  void plain_records_are_the_records_that_a_kafka_producer_would_have_sent() throws Exception {
    create("orders.fifo", "plain");
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (Producer<String, String> producer = producer(Map.of())) {
      for (int i = 0; i < 500; i++) {
        ProducerRecord<String, String> record =
            new ProducerRecord<>("orders", "customer-" + i % 7, "order " + i);
        record.headers().add("n", Integer.toString(i).getBytes(UTF_8));
        sent.add(producer.send(record));
      }
      producer.flush();
      assertTrue(sent.stream().allMatch(Future::isDone));
      assertTrue(sent.get(0).get().hasOffset());
    }
    Map<String, List<String>> expected = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      expected.computeIfAbsent("customer-" + i % 7, k -> new ArrayList<>()).add("order " + i);
    }
    assertEquals(expected, byKey(consume("orders.fifo", 500)));
  }

  @Test
  void packed_records_travel_many_at_once() throws Exception {
    create("packed.fifo", "packed");
    try (Producer<String, String> producer =
        producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 50))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        sent.add(producer.send(new ProducerRecord<>("packed", "key " + i % 99, "value " + i)));
      }
      producer.flush();
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
    List<ConsumerRecord<String, String>> messages = consume("packed.fifo", 4);
    assertTrue(messages.size() < 40, messages.size() + " messages");
  }

  @Test
  void what_sns_cannot_do_is_said() {
    create("plain", "plain");
    try (Producer<String, String> producer =
        producer(Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1000))) {
      assertThrows(UnsupportedVersionException.class, producer::beginTransaction);
      assertInstanceOf(
          UnknownTopicOrPartitionException.class,
          failure(producer.send(new ProducerRecord<>("nowhere", "a"))));
      assertInstanceOf(
          RecordTooLargeException.class,
          failure(producer.send(new ProducerRecord<>("plain", "a".repeat(1001)))));
    }
  }

  private static Throwable failure(Future<RecordMetadata> sent) {
    return assertThrows(ExecutionException.class, sent::get).getCause();
  }

  private static Map<String, List<String>> byKey(List<ConsumerRecord<String, String>> records) {
    Map<String, List<String>> values = new HashMap<>();
    records.forEach(
        record -> values.computeIfAbsent(record.key(), k -> new ArrayList<>()).add(record.value()));
    return values;
  }

  private List<ConsumerRecord<String, String>> consume(String topic, int atLeast) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = sluice.consumer("readers", "consumer")) {
      consumer.subscribe(List.of(topic));
      while (records.size() < atLeast) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
    return records;
  }
}
