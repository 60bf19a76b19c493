package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified kafka-clients against a listener. */
class KafkaListenerTest {

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void records_come_back_as_they_were_sent_with_every_codec(String compression) throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("compression.type", compression, "linger.ms", 5))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        ProducerRecord<String, String> record = new ProducerRecord<>("auto", "k" + i, "v" + i);
        record.headers().add("h", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        sent.add(producer.send(record));
      }
      for (int i = 0; i < 500; i++) {
        assertEquals(i, sent.get(i).get().offset());
      }
    }
    List<ConsumerRecord<String, String>> read = read(Map.of(), 500);
    assertEquals("v499", read.get(499).value());
    assertEquals(
        "499", new String(read.get(499).headers().lastHeader("h").value(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "all"})
  void every_kind_of_acknowledgement_works(String acks) throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("acks", acks, "enable.idempotence", acks.equals("all")))) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>("auto", "v")).get();
      }
    }
    assertEquals(10, read(Map.of("isolation.level", "read_committed"), 10).size());
  }

  @Test
  void many_produce_requests_are_in_flight_at_once_and_stay_in_order() throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("linger.ms", 0, "batch.size", 100))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        sent.add(producer.send(new ProducerRecord<>("auto", Integer.toString(i))));
      }
      for (int i = 0; i < 2_000; i++) {
        assertEquals(i, sent.get(i).get().offset());
      }
    }
  }

  @Test
  void a_record_over_the_limit_is_refused() throws Exception {
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("max.request.size", 10_000_000))) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> producer.send(new ProducerRecord<>("auto", "x".repeat(2_000_000))).get());
      assertInstanceOf(RecordTooLargeException.class, refused.getCause());
      producer.send(new ProducerRecord<>("auto", "fine")).get();
    }
  }

  @Test
  void an_admin_manages_topics() throws Exception {
    try (Admin admin = sluice.admin()) {
      NewTopic topic = new NewTopic("t", 3, (short) 1).configs(Map.of("retention.ms", "5000"));
      admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true)).all().get();
      assertEquals(Set.of(), admin.listTopics().names().get());
      admin.createTopics(List.of(topic)).all().get();
      failsWith(TopicExistsException.class, admin.createTopics(List.of(topic)).all());
      failsWith(
          InvalidReplicationFactorException.class,
          admin.createTopics(List.of(new NewTopic("u", 1, (short) 3))).all());
      admin.createPartitions(Map.of("t", NewPartitions.increaseTo(5))).all().get();
      var described = admin.describeTopics(List.of("t")).allTopicNames().get().get("t");
      assertEquals(5, described.partitions().size());
      assertEquals(
          "t",
          admin
              .describeTopics(
                  org.apache.kafka.common.TopicCollection.ofTopicIds(List.of(described.topicId())))
              .allTopicIds()
              .get()
              .get(described.topicId())
              .name());
      admin.deleteTopics(List.of("t")).all().get();
      failsWith(
          UnknownTopicOrPartitionException.class,
          admin.describeTopics(List.of("t")).allTopicNames());
    }
  }

  @Test
  void an_admin_reads_and_alters_configs() throws Exception {
    try (Admin admin = sluice.admin()) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "t");
      Collection<AlterConfigOp> operations =
          List.of(
              new AlterConfigOp(new ConfigEntry("retention.ms", "777"), AlterConfigOp.OpType.SET),
              new AlterConfigOp(
                  new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.APPEND));
      admin.incrementalAlterConfigs(Map.of(resource, operations)).all().get();
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      assertEquals("777", config.get("retention.ms").value());
      assertEquals(
          ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG, config.get("retention.ms").source());
      assertEquals("delete,compact", config.get("cleanup.policy").value());
      ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
      assertEquals(
          "1", admin.describeConfigs(List.of(node)).all().get().get(node).get("node.id").value());
      assertTrue(admin.describeCluster().clusterId().get().length() > 10);
    }
  }

  @Test
  void records_are_deleted_and_offsets_listed() throws Exception {
    TopicPartition partition = new TopicPartition("t", 0);
    try (Admin admin = sluice.admin();
        KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      // Records of 1970 would otherwise be a matter for retention.
      NewTopic forever = new NewTopic("t", 1, (short) 1).configs(Map.of("retention.ms", "-1"));
      admin.createTopics(List.of(forever)).all().get();
      for (long time = 1_000; time <= 5_000; time += 1_000) {
        producer.send(new ProducerRecord<>("t", 0, time, "k", "v")).get();
      }
      assertEquals(
          2,
          admin
              .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
              .lowWatermarks()
              .get(partition)
              .get()
              .lowWatermark());
      assertEquals(2, offset(admin, partition, OffsetSpec.earliest()));
      assertEquals(5, offset(admin, partition, OffsetSpec.latest()));
      assertEquals(4, offset(admin, partition, OffsetSpec.maxTimestamp()));
      assertEquals(3, offset(admin, partition, OffsetSpec.forTimestamp(3_500)));
      assertEquals(-1, offset(admin, partition, OffsetSpec.forTimestamp(9_000)));
    }
  }

  @Test
  void a_consumer_that_waits_gets_a_record_at_once() throws Exception {
    try (KafkaConsumer<String, String> consumer =
            sluice.consumer(Map.of("fetch.max.wait.ms", 2_000, "auto.offset.reset", "earliest"));
        KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      producer.send(new ProducerRecord<>("auto", "first")).get();
      consumer.assign(Set.of(new TopicPartition("auto", 0)));
      assertEquals(1, consumer.poll(Duration.ofSeconds(20)).count());
      consumer.poll(Duration.ofMillis(100));
      producer.send(new ProducerRecord<>("auto", "second")).get();
      assertEquals(1, consumer.poll(Duration.ofSeconds(20)).count());
    }
  }

  private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec)
      throws Exception {
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  private List<ConsumerRecord<String, String>> read(Map<String, Object> configs, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = sluice.consumer(configs)) {
      consumer.assign(Set.of(new TopicPartition("auto", 0)));
      consumer.seekToBeginning(consumer.assignment());
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    assertEquals(count, records.size());
    return records;
  }

  private static void failsWith(Class<? extends Throwable> cause, Future<?> future) {
    assertInstanceOf(cause, assertThrows(ExecutionException.class, future::get).getCause());
  }
}
