package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.log.ReadIsolation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What topics are configured to do with records and requests, seen by unmodified clients. */
class TopicConfigsTest {

  private static final long HOUR = 3_600_000;

  @TempDir Path folder;
  private RunningListener sluice;
  private Admin admin;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    admin = sluice.admin();
  }

  @AfterEach
  void stop() {
    admin.close();
    sluice.close();
  }

  private void create(String name, Map<String, String> configs) throws Exception {
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(configs);
    admin.createTopics(List.of(topic)).all().get();
  }

  private RecordMetadata send(ProducerRecord<String, String> record, Map<String, Object> configs)
      throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(configs)) {
      return producer.send(record).get();
    }
  }

  private static ProducerRecord<String, String> at(String topic, long timestamp) {
    return new ProducerRecord<>(topic, 0, timestamp, "k", "v");
  }

  private ConsumerRecord<String, String> first(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer = sluice.consumer(Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return consumer.poll(Duration.ofSeconds(30)).iterator().next();
    }
  }

  private static <T extends Throwable> void fails(
      Class<T> cause, org.junit.jupiter.api.function.Executable call) {
    ExecutionException failure = assertThrows(ExecutionException.class, call);
    assertInstanceOf(cause, failure.getCause());
  }

  @Test
  void the_log_gives_the_timestamp_where_it_is_configured_to() throws Exception {
    create("appended", Map.of("message.timestamp.type", "LogAppendTime"));
    create("created", Map.of("message.timestamp.type", "CreateTime"));
    long before = sluice.broker().options().clocks().wall().millis();

    RecordMetadata appended = send(at("appended", 42), Map.of());
    RecordMetadata created = send(at("created", 42), Map.of());

    assertTrue(appended.timestamp() >= before);
    assertEquals(TimestampType.LOG_APPEND_TIME, first("appended").timestampType());
    assertEquals(appended.timestamp(), first("appended").timestamp());
    assertEquals(42, created.timestamp());
    assertEquals(TimestampType.CREATE_TIME, first("created").timestampType());
    assertEquals(42, first("created").timestamp());
  }

  @Test
  void timestamps_too_far_from_now_are_refused() throws Exception {
    create(
        "recent",
        Map.of(
            "message.timestamp.before.max.ms", Long.toString(HOUR),
            "message.timestamp.after.max.ms", Long.toString(HOUR)));
    long now = sluice.broker().options().clocks().wall().millis();

    fails(InvalidTimestampException.class, () -> send(at("recent", now - 2 * HOUR), Map.of()));
    fails(InvalidTimestampException.class, () -> send(at("recent", now + 2 * HOUR), Map.of()));
    assertEquals(0, send(at("recent", now - HOUR / 2), Map.of()).offset());
    assertEquals(1, send(at("recent", now + HOUR / 2), Map.of()).offset());
  }

  @ParameterizedTest(name = "from {0}, in a topic of {1}: {2}")
  @CsvSource({
    "none, producer, NONE",
    "gzip, producer, GZIP",
    "snappy, producer, SNAPPY",
    "lz4, producer, LZ4",
    "zstd, producer, ZSTD",
    "gzip, uncompressed, NONE",
    "none, gzip, GZIP",
    "gzip, snappy, SNAPPY",
    "snappy, lz4, LZ4",
    "lz4, zstd, ZSTD",
    "zstd, zstd, ZSTD"
  })
  void records_are_kept_in_the_compression_of_their_topic(
      String producer, String topic, String kept) throws Exception {
    create("packed", Map.of("compression.type", topic));
    String value = "value ".repeat(100);

    send(new ProducerRecord<>("packed", "k", value), Map.of("compression.type", producer));

    Records records =
        sluice
            .broker()
            .topics()
            .partition("packed", 0)
            .read(0, 1 << 20, true, ReadIsolation.HIGH_WATERMARK)
            .records();
    RecordBatch batch = records.batches().iterator().next();
    assertEquals(kept, batch.compressionType().toString().toUpperCase(java.util.Locale.ROOT));
    assertEquals(value, first("packed").value());
  }

  @Test
  void a_topic_says_how_large_its_batches_may_be() throws Exception {
    create("small", Map.of("max.message.bytes", "1000"));
    ProducerRecord<String, String> large = new ProducerRecord<>("small", "v".repeat(2_000));

    fails(RecordTooLargeException.class, () -> send(large, Map.of()));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "small");
    admin
        .incrementalAlterConfigs(
            Map.of(
                resource,
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", "4000"), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    assertEquals(0, send(large, Map.of()).offset());
  }

  @ParameterizedTest(name = "{0}={1} is refused")
  @CsvSource({
    "remote.storage.enable, true",
    "segment.bytes, 1000",
    "segment.ms, 0",
    "retention.ms, -2",
    "local.retention.ms, -3",
    "cleanup.policy, shred",
    "compression.type, rar",
    "message.timestamp.type, Whenever",
    "min.cleanable.dirty.ratio, 2",
    "min.insync.replicas, 0",
    "max.compaction.lag.ms, 0",
    "no.such.config, 1"
  })
  void what_no_topic_can_do_is_refused(String name, String value) {
    fails(InvalidConfigurationException.class, () -> create("odd", Map.of(name, value)));
  }

  @Test
  void what_has_no_meaning_on_one_node_is_accepted_as_kafka_does() throws Exception {
    create(
        "clustered",
        Map.of(
            "unclean.leader.election.enable", "true",
            "min.insync.replicas", "2",
            "segment.jitter.ms", "1000",
            "local.retention.ms", "1000",
            "local.retention.bytes", "1000",
            "preallocate", "true",
            "flush.messages", "1",
            "follower.replication.throttled.replicas", "*",
            "remote.log.copy.disable", "false"));

    assertEquals(0, send(at("clustered", 1), Map.of("acks", "all")).offset());
  }

  @Test
  void offsets_are_listed_by_every_kind_of_question() throws Exception {
    create("timed", Map.of());
    long now = sluice.broker().options().clocks().wall().millis();
    send(at("timed", now), Map.of());
    send(at("timed", now + 3_000), Map.of());
    send(at("timed", now + 2_000), Map.of());
    TopicPartition partition = new TopicPartition("timed", 0);
    admin
        .deleteRecords(
            Map.of(partition, org.apache.kafka.clients.admin.RecordsToDelete.beforeOffset(1)))
        .all()
        .get();

    assertEquals(1, listed(OffsetSpec.earliest()));
    assertEquals(1, listed(OffsetSpec.earliestLocal()));
    assertEquals(3, listed(OffsetSpec.latest()));
    assertEquals(1, listed(OffsetSpec.maxTimestamp()));
    assertEquals(1, listed(OffsetSpec.forTimestamp(now + 1_500)));
    assertEquals(-1, listed(OffsetSpec.forTimestamp(now + 4_000)));
    assertEquals(-1, listed(OffsetSpec.latestTiered()));
    assertEquals(-1, listed(OffsetSpec.earliestPendingUpload()));
  }

  private long listed(OffsetSpec spec) throws Exception {
    TopicPartition partition = new TopicPartition("timed", 0);
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  @Test
  void topics_are_found_and_deleted_by_id() throws Exception {
    create("known", Map.of());
    Uuid id = admin.describeTopics(List.of("known")).allTopicNames().get().get("known").topicId();
    assertEquals(
        "known",
        admin
            .describeTopics(TopicCollection.ofTopicIds(List.of(id)))
            .allTopicIds()
            .get()
            .get(id)
            .name());
    admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();
    create("known", Map.of());

    fails(
        UnknownTopicIdException.class,
        () -> admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds().get());
    fails(
        UnknownTopicIdException.class,
        () -> admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get());
  }

  @Test
  void a_topic_is_made_by_its_first_use_unless_the_client_forbids_it() throws Exception {
    try (KafkaConsumer<String, String> consumer =
        sluice.consumer(Map.of("allow.auto.create.topics", false))) {
      assertEquals(List.of(), consumer.partitionsFor("unheard"));
    }
    fails(
        UnknownTopicOrPartitionException.class,
        () -> admin.describeTopics(List.of("unheard")).allTopicNames().get());
    assertEquals(0, send(at("unheard", 1), Map.of()).offset());
  }
}
