package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients alter of the broker while it runs (KIP-226), with Kafka's own Admin. */
class BrokerConfigsTest {

  private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");
  private static final ConfigResource CLUSTER = new ConfigResource(ConfigResource.Type.BROKER, "");
  private static final String MOST = "message.max.bytes";

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

  private static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }

  private void create(String name, Map<String, String> configs) throws Exception {
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(configs);
    admin.createTopics(List.of(topic)).all().get();
  }

  private void alter(ConfigResource of, OpType operation, String... namesAndValues)
      throws Exception {
    Collection<AlterConfigOp> operations = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      ConfigEntry entry = new ConfigEntry(namesAndValues[i], namesAndValues[i + 1]);
      operations.add(new AlterConfigOp(entry, operation));
    }
    admin.incrementalAlterConfigs(Map.of(of, operations)).all().get();
  }

  private Config config(ConfigResource of) throws Exception {
    return admin
        .describeConfigs(List.of(of), new DescribeConfigsOptions().includeSynonyms(true))
        .all()
        .get()
        .get(of);
  }

  private ConfigEntry entry(ConfigResource of, String name) throws Exception {
    return config(of).get(name);
  }

  private static List<String> synonyms(ConfigEntry entry) {
    return entry.synonyms().stream()
        .map(each -> each.source() + ":" + each.name() + "=" + each.value())
        .toList();
  }

  private long sendLarge(String topic) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      return producer.send(new ProducerRecord<>(topic, "v".repeat(2_000))).get().offset();
    }
  }

  private void assertTooLarge(String topic) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> sendLarge(topic), topic);
    assertInstanceOf(RecordTooLargeException.class, failure.getCause());
  }

  @Test
  void topics_obey_at_once_and_after_a_restart_until_the_default_is_deleted() throws Exception {
    create("old", Map.of());
    create("own", Map.of("max.message.bytes", "100000"));
    assertEquals(0, sendLarge("old"));

    alter(CLUSTER, OpType.SET, MOST, "1000");
    create("new", Map.of());
    assertTooLarge("old");
    assertTooLarge("new");
    assertEquals(0, sendLarge("own"));

    sluice = sluice.restarted(folder);
    assertTooLarge("old");
    assertEquals("1000", entry(topic("new"), "max.message.bytes").value());

    alter(NODE, OpType.SET, MOST, "50000");
    assertEquals(1, sendLarge("old"));
    alter(NODE, OpType.DELETE, MOST, "");
    assertTooLarge("old");
    alter(CLUSTER, OpType.DELETE, MOST, "");
    assertEquals(2, sendLarge("old"));
    assertEquals("1048588", entry(topic("new"), "max.message.bytes").value());
  }

  @Test
  void what_counts_is_described_with_where_it_comes_from() throws Exception {
    create("t", Map.of());
    alter(CLUSTER, OpType.SET, MOST, "1000", "log.retention.ms", "6000");
    ConfigEntry most = entry(topic("t"), "max.message.bytes");
    assertEquals("1000", most.value());
    assertEquals(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, most.source());
    alter(NODE, OpType.SET, MOST, "2000");
    alter(topic("t"), OpType.SET, "max.message.bytes", "3000");

    most = entry(topic("t"), "max.message.bytes");
    assertEquals("3000", most.value());
    assertEquals(ConfigSource.DYNAMIC_TOPIC_CONFIG, most.source());
    assertEquals(
        List.of(
            "DYNAMIC_TOPIC_CONFIG:max.message.bytes=3000",
            "DYNAMIC_BROKER_CONFIG:message.max.bytes=2000",
            "DYNAMIC_DEFAULT_BROKER_CONFIG:message.max.bytes=1000",
            "DEFAULT_CONFIG:message.max.bytes=1048588"),
        synonyms(most));
    ConfigEntry retention = entry(topic("t"), "retention.ms");
    assertEquals("6000", retention.value());
    assertEquals(
        List.of(
            "DYNAMIC_DEFAULT_BROKER_CONFIG:log.retention.ms=6000",
            "DEFAULT_CONFIG:log.retention.hours=168"),
        synonyms(retention));
  }

  @Test
  void brokers_and_their_cluster_are_described() throws Exception {
    alter(CLUSTER, OpType.SET, MOST, "1000", "log.cleanup.policy", "compact,delete");
    alter(NODE, OpType.SET, MOST, "2000");

    ConfigEntry most = entry(NODE, MOST);
    assertEquals("2000", most.value());
    assertEquals(ConfigSource.DYNAMIC_BROKER_CONFIG, most.source());
    assertFalse(most.isReadOnly());
    assertEquals(
        List.of(
            "DYNAMIC_BROKER_CONFIG:message.max.bytes=2000",
            "DYNAMIC_DEFAULT_BROKER_CONFIG:message.max.bytes=1000",
            "DEFAULT_CONFIG:message.max.bytes=1048588"),
        synonyms(most));
    assertTrue(entry(NODE, "num.partitions").isReadOnly());
    assertFalse(entry(NODE, "log.retention.ms").isReadOnly());

    Config cluster = config(CLUSTER);
    assertEquals(2, cluster.entries().size());
    assertEquals("1000", cluster.get(MOST).value());
    assertEquals(
        ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, cluster.get("log.cleanup.policy").source());
    assertEquals(
        List.of("DYNAMIC_DEFAULT_BROKER_CONFIG:message.max.bytes=1000"),
        synonyms(cluster.get(MOST)));
    assertFalse(cluster.get(MOST).isReadOnly());
    assertEquals(
        List.of("1"),
        admin.listConfigResources().all().get().stream()
            .filter(each -> each.type() == ConfigResource.Type.BROKER)
            .map(ConfigResource::name)
            .toList());
  }

  @Test
  void a_new_topic_is_told_what_counts_for_it() throws Exception {
    alter(CLUSTER, OpType.SET, MOST, "1000", "log.retention.ms", "6000");
    alter(NODE, OpType.SET, MOST, "2000");
    NewTopic topic =
        new NewTopic("t", Optional.of(1), Optional.empty()).configs(Map.of("segment.ms", "7000"));
    Config config = admin.createTopics(List.of(topic)).config("t").get();
    assertEquals("2000", config.get("max.message.bytes").value());
    assertEquals(ConfigSource.DYNAMIC_BROKER_CONFIG, config.get("max.message.bytes").source());
    assertEquals("6000", config.get("retention.ms").value());
    assertEquals(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, config.get("retention.ms").source());
    assertEquals(ConfigSource.DYNAMIC_TOPIC_CONFIG, config.get("segment.ms").source());
    assertEquals(ConfigSource.DEFAULT_CONFIG, config.get("flush.ms").source());
  }

  @Test
  void records_of_topics_that_are_compacted_by_default_are_not_deleted() throws Exception {
    create("t", Map.of());
    assertEquals(0, sendLarge("t"));
    alter(CLUSTER, OpType.SET, "log.cleanup.policy", "compact");
    TopicPartition partition = new TopicPartition("t", 0);
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () ->
                admin
                    .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get());
    assertInstanceOf(PolicyViolationException.class, failure.getCause());
  }

  @Test
  void lists_grow_from_their_built_in_default() throws Exception {
    alter(CLUSTER, OpType.SET, "log.cleanup.policy", "compact");
    alter(NODE, OpType.APPEND, "log.cleanup.policy", "compact");
    assertEquals("delete,compact", entry(NODE, "log.cleanup.policy").value());
  }

  @Test
  void the_coordinator_follows_the_defaults_of_its_topic() throws Exception {
    create("t", Map.of());
    Map<TopicPartition, OffsetAndMetadata> offsets =
        Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(0, "m".repeat(3_000)));
    admin.alterConsumerGroupOffsets("g", offsets).all().get();
    alter(CLUSTER, OpType.SET, MOST, "1000");
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> admin.alterConsumerGroupOffsets("g", offsets).all().get());
    assertInstanceOf(UnknownServerException.class, failure.getCause());
    alter(CLUSTER, OpType.DELETE, MOST, "");
    admin.alterConsumerGroupOffsets("g", offsets).all().get();
  }

  @Test
  void a_refusal_says_what_is_dynamic() {
    ExecutionException failure =
        assertThrows(
            ExecutionException.class, () -> alter(CLUSTER, OpType.SET, "num.io.threads", "8"));
    assertInstanceOf(InvalidRequestException.class, failure.getCause());
    assertEquals(
        "Cannot update these configs dynamically: [num.io.threads]. Only the defaults of topics are"
            + " dynamic here.",
        failure.getCause().getMessage());
  }
}
