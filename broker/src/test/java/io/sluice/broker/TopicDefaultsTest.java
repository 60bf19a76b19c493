package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What brokers set for topics that say nothing, seen by the partitions. */
class TopicDefaultsTest {

  private static final Map<String, String> SMALL = Map.of("message.max.bytes", "1000");
  private static final Map<String, String> LARGE = Map.of("message.max.bytes", "100000");
  private static final String NODE = "1";
  private static final String CLUSTER = "";

  @TempDir Path folder;
  private DiskLogStore log;
  private Broker broker;

  @BeforeEach
  void open() {
    log = DiskLogStore.open(folder, LogStoreOptions.defaults());
    broker = Broker.open(log, folder, BrokerOptions.defaults());
  }

  @AfterEach
  void close() {
    broker.close();
    log.close();
  }

  private void reopen() {
    close();
    open();
  }

  private void set(String brokerName, Map<String, String> configs) {
    broker.configs().replace(ConfigKind.BROKER, brokerName, configs);
  }

  private static NewRecord large() {
    return new NewRecord(null, "x".repeat(2_000).getBytes(StandardCharsets.UTF_8), List.of());
  }

  private void publish(String topic) {
    broker.publisher().publish(topic, List.of(large())).getFirst().join();
  }

  private void assertRefused(String topic) {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> publish(topic), topic);
    assertEquals(RecordTooLargeException.class, refused.getCause().getClass());
  }

  @Test
  void topics_that_say_nothing_follow_at_once_and_after_a_restart() {
    broker.topics().create(NewTopic.named("old"));
    broker
        .topics()
        .create(NewTopic.named("own").withConfigs(Map.of("max.message.bytes", "100000")));

    set(CLUSTER, SMALL);
    broker.topics().create(NewTopic.named("new"));
    for (int restarts = 0; restarts < 2; restarts++) {
      assertRefused("old");
      assertRefused("new");
      publish("own");
      reopen();
    }
    broker.topics().addPartitions("old", 2);
    broker.topics().alterConfigs("new", Map.of("retention.ms", "-1"));
    assertRefused("old");
    assertRefused("new");

    set(CLUSTER, Map.of());
    publish("old");
    publish("new");
  }

  @Test
  void what_is_set_for_this_broker_counts_before_the_cluster() {
    broker.topics().create(NewTopic.named("orders"));
    set(NODE, LARGE);
    set(CLUSTER, SMALL);
    publish("orders");
    set(NODE, Map.of());
    assertRefused("orders");
    set("2", LARGE);
    assertRefused("orders");
    set(NODE, LARGE);
    publish("orders");
  }

  @Test
  void neither_queues_nor_journals_follow() {
    broker.queues().create(NewQueue.named("dispatch"));
    set(
        CLUSTER,
        Map.of(
            "message.max.bytes", "1",
            "log.cleanup.policy", "compact",
            "log.message.timestamp.before.max.ms", "0",
            "log.message.timestamp.after.max.ms", "0"));
    reopen();
    Queue queue = broker.queues().find("dispatch").orElseThrow();
    queue.send(List.of(new NewMessage(large(), Duration.ZERO))).getFirst().join();
    broker.queues().create(NewQueue.named("second"));
    assertEquals(
        Map.of(),
        broker.topics().layers(broker.topics().find("queue.dispatch").orElseThrow()).defaults());
    assertEquals(1, queue.depth().available());
  }

  @Test
  void only_valid_defaults_are_kept() {
    assertThrows(
        InvalidConfigurationException.class, () -> set(CLUSTER, Map.of("num.partitions", "2")));
    assertThrows(
        InvalidConfigurationException.class, () -> set(NODE, Map.of("log.retention.ms", "x")));
    set(CLUSTER, Map.of("log.retention.ms", "1000"));
    assertThrows(
        InvalidConfigurationException.class,
        () -> set(NODE, Map.of("log.local.retention.ms", "1001")));
    assertEquals(Map.of(), broker.configs().of(ConfigKind.BROKER, NODE));
  }

  /** As in Kafka the default may be set; the next topic must say something else. */
  @Test
  void a_default_may_conflict_with_a_topic() {
    broker.topics().create(NewTopic.named("t").withConfigs(Map.of("min.compaction.lag.ms", "9")));
    set(CLUSTER, Map.of("log.cleaner.max.compaction.lag.ms", "8"));
    assertDoesNotThrow(this::reopen);
    assertThrows(
        InvalidConfigurationException.class,
        () -> broker.topics().alterConfigs("t", Map.of("min.compaction.lag.ms", "10")));
    broker.topics().alterConfigs("t", Map.of("min.compaction.lag.ms", "7"));
  }
}
