package io.sluice.kafka;

import static io.sluice.kafka.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction and retention as topics configure them, seen by unmodified clients. */
class TopicCleaningTest {

  private static final String HOUR = "3600000";

  /** Segments so small that all but the newest records can be cleaned. */
  private static final Map<String, String> SMALL = Map.of("internal.segment.bytes", "2000");

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.tidying(folder, Duration.ofMillis(50));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private void create(String name, Map<String, String> configs) throws Exception {
    Map<String, String> all = new HashMap<>(SMALL);
    all.putAll(configs);
    try (Admin admin = sluice.admin()) {
      NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(all);
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static Map<String, String> compacted(String... more) {
    Map<String, String> configs = new HashMap<>();
    configs.put("cleanup.policy", "compact");
    configs.put("min.cleanable.dirty.ratio", "0.01");
    for (int i = 0; i < more.length; i += 2) {
      configs.put(more[i], more[i + 1]);
    }
    return configs;
  }

  /** New values for ten keys, each in a batch of its own. */
  private void produce(String topic, int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("batch.size", 0, "linger.ms", 0))) {
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>(topic, "k" + i % 10, "v" + i));
      }
    }
  }

  private List<ConsumerRecord<String, String>> read(String topic) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    // Retention may delete what the first fetch asks for.
    Map<String, Object> configs = Map.of("auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer = sluice.consumer(configs)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private long startOffset(String topic) {
    return sluice.broker().topics().partition(topic, 0).startOffset();
  }

  @Test
  void the_last_value_of_each_key_stays_and_offsets_do_not_change() throws Exception {
    create("stock", compacted());
    produce("stock", 0, 500);
    until(() -> read("stock").size() < 100);

    Map<String, String> last = new TreeMap<>();
    for (ConsumerRecord<String, String> record : read("stock")) {
      assertEquals("v" + record.offset(), record.value());
      last.put(record.key(), record.value());
    }
    assertEquals(10, last.size());
    assertEquals("v499", last.get("k9"));
  }

  @Test
  void a_tombstone_removes_its_key_and_goes_after_its_retention() throws Exception {
    create("brief", compacted("delete.retention.ms", "0"));
    create("lasting", compacted("delete.retention.ms", HOUR));
    for (String topic : List.of("brief", "lasting")) {
      try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
        producer.send(new ProducerRecord<>(topic, "gone", "here")).get();
        producer.send(new ProducerRecord<>(topic, "gone", null)).get();
      }
    }
    // A first pass gives the tombstone its time, a later one removes it.
    for (int round = 0; round < 3; round++) {
      for (String topic : List.of("brief", "lasting")) {
        produce(topic, round * 300, round * 300 + 300);
        until(() -> read(topic).size() < 100);
      }
    }
    until(() -> read("brief").stream().noneMatch(record -> record.key().equals("gone")));
    assertEquals(
        List.of("null"),
        read("lasting").stream()
            .filter(record -> record.key().equals("gone"))
            .map(record -> String.valueOf(record.value()))
            .toList());
  }

  @Test
  void records_are_compacted_neither_too_early_nor_too_late() throws Exception {
    create("early", compacted("min.compaction.lag.ms", HOUR));
    create("late", compacted("min.cleanable.dirty.ratio", "1.0", "max.compaction.lag.ms", "100"));
    create("control", compacted());
    for (String topic : List.of("early", "late", "control")) {
      produce(topic, 0, 300);
    }
    // Ten keys were compacted once: now less than all of it is dirty.
    until(() -> read("late").size() < 100);
    until(() -> read("control").size() < 100);
    produce("late", 300, 600);
    until(() -> read("late").size() < 100);

    assertEquals(300, read("early").size());
  }

  @Test
  void with_both_policies_what_is_too_old_goes_too() throws Exception {
    create("both", compacted("cleanup.policy", "compact,delete", "retention.bytes", "4000"));
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("batch.size", 0, "linger.ms", 0))) {
      for (int i = 0; i < 300; i++) {
        producer.send(new ProducerRecord<>("both", "unique-" + i, "v" + i));
      }
    }
    until(() -> startOffset("both") > 0);
    List<ConsumerRecord<String, String>> left = read("both");
    assertTrue(left.size() < 300);
    assertEquals("v299", left.getLast().value());
  }

  @Test
  void retention_goes_by_time_or_by_size() throws Exception {
    create("by-size", Map.of("retention.bytes", "4000"));
    create("by-time", Map.of("retention.ms", "1"));
    create("for-ever", Map.of("retention.ms", "-1"));
    for (String topic : List.of("by-size", "by-time", "for-ever")) {
      produce(topic, 0, 300);
    }
    until(() -> startOffset("by-size") > 0);
    until(() -> startOffset("by-time") == 300);

    assertEquals(0, startOffset("for-ever"));
    assertEquals(List.of(), read("by-time"));
    assertEquals("v299", read("by-size").getLast().value());
    try (Admin admin = sluice.admin()) {
      TopicPartition partition = new TopicPartition("by-time", 0);
      assertEquals(
          300,
          admin
              .listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.earliest()))
              .partitionResult(partition)
              .get()
              .offset());
    }
  }

  @Test
  void retention_goes_by_the_brokers_default_where_a_topic_has_none() throws Exception {
    create("own", Map.of("retention.bytes", "-1"));
    create("following", Map.of());
    for (String topic : List.of("own", "following")) {
      produce(topic, 0, 300);
    }
    try (Admin admin = sluice.admin()) {
      ConfigResource brokers = new ConfigResource(ConfigResource.Type.BROKER, "");
      AlterConfigOp small =
          new AlterConfigOp(
              new ConfigEntry("log.retention.bytes", "4000"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(brokers, List.of(small))).all().get();
    }
    until(() -> startOffset("following") > 0);
    assertEquals(0, startOffset("own"));
  }

  @Test
  void segments_roll_by_time() throws Exception {
    create(
        "rolling",
        Map.of(
            "segment.ms", "1",
            "internal.segment.bytes", "1048576",
            "retention.bytes", "1"));
    for (int i = 0; i < 3; i++) {
      produce("rolling", i, i + 1);
    }
    until(
        () -> {
          produce("rolling", 3, 4);
          return startOffset("rolling") > 0;
        });
  }
}
