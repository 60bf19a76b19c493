package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What brokers set for topics that say nothing, seen by the partitions. */
class TopicDefaultsTest {

  private static final Map<String, String> SMALL = Map.of("message.max.bytes", "1000");
  private static final Map<String, String> LARGE = Map.of("message.max.bytes", "100000");
  private static final String NODE = "1";
  private static final String CLUSTER = "";

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();

  private void set(String brokerName, Map<String, String> configs) {
    disk.broker().configs().replace(ConfigKind.BROKER, brokerName, configs);
  }

  private static NewRecord large() {
    return new NewRecord(null, "x".repeat(2_000).getBytes(StandardCharsets.UTF_8), List.of());
  }

  private void publish(String topic) {
    disk.broker().publisher().publish(topic, List.of(large())).getFirst().join();
  }

  private void assertRefused(String topic) {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> publish(topic), topic);
    assertEquals(RecordTooLargeException.class, refused.getCause().getClass());
  }

  @Test
  void topics_that_say_nothing_follow_at_once_and_after_a_restart() {
    disk.broker().topics().create(NewTopic.named("old"));
    disk.broker()
        .topics()
        .create(NewTopic.named("own").withConfigs(Map.of("max.message.bytes", "100000")));

    set(CLUSTER, SMALL);
    disk.broker().topics().create(NewTopic.named("new"));
    for (int restarts = 0; restarts < 2; restarts++) {
      assertRefused("old");
      assertRefused("new");
      publish("own");
      disk.reopen();
    }
    disk.broker().topics().addPartitions("old", 2);
    disk.broker().topics().alterConfigs("new", Map.of("retention.ms", "-1"));
    assertRefused("old");
    assertRefused("new");

    set(CLUSTER, Map.of());
    publish("old");
    publish("new");
  }

  @Test
  void what_is_set_for_this_broker_counts_before_the_cluster() {
    disk.broker().topics().create(NewTopic.named("orders"));
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
    disk.broker().queues().create(NewQueue.named("dispatch"));
    set(
        CLUSTER,
        Map.of(
            "message.max.bytes", "1",
            "log.cleanup.policy", "compact",
            "log.message.timestamp.before.max.ms", "0",
            "log.message.timestamp.after.max.ms", "0"));
    disk.reopen();
    Queue queue = disk.broker().queues().find("dispatch").orElseThrow();
    queue.send(List.of(new NewMessage(large(), Duration.ZERO))).getFirst().join();
    disk.broker().queues().create(NewQueue.named("second"));
    assertEquals(
        Map.of(),
        disk.broker()
            .topics()
            .layers(disk.broker().topics().find("queue.dispatch").orElseThrow())
            .defaults());
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
    assertEquals(Map.of(), disk.broker().configs().of(ConfigKind.BROKER, NODE));
  }

  /** As in Kafka the default may be set; the next topic must say something else. */
  @Test
  void a_default_may_conflict_with_a_topic() {
    disk.broker()
        .topics()
        .create(NewTopic.named("t").withConfigs(Map.of("min.compaction.lag.ms", "9")));
    set(CLUSTER, Map.of("log.cleaner.max.compaction.lag.ms", "8"));
    assertDoesNotThrow(disk::reopen);
    assertThrows(
        InvalidConfigurationException.class,
        () -> disk.broker().topics().alterConfigs("t", Map.of("min.compaction.lag.ms", "10")));
    disk.broker().topics().alterConfigs("t", Map.of("min.compaction.lag.ms", "7"));
  }
}
