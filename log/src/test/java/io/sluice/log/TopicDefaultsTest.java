package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker sets for its topics, by its own names. */
class TopicDefaultsTest {

  private static void validate(Map<String, String> configs, Map<String, String> others) {
    Map<String, String> together = new HashMap<>(others);
    together.putAll(configs);
    TopicDefaults.validate(configs, together);
  }

  @ParameterizedTest(name = "{0}={1} is refused")
  @CsvSource({
    "log.retention.ms, x",
    "log.retention.ms, 0",
    "log.retention.ms, -2",
    "log.retention.hours, 1",
    "log.segment.bytes, 1000",
    "log.cleanup.policy, shred",
    "message.max.bytes, -1",
    "compression.type, rar",
    "log.message.timestamp.type, Whenever",
    "min.insync.replicas, 0",
    "log.local.retention.ms, -1",
    "log.local.retention.ms, 604800001",
    "retention.ms, 1",
    "num.partitions, 1",
    "num.io.threads, 1",
    "no.such.config, 1"
  })
  void what_no_broker_can_set_is_refused(String name, String value) {
    InvalidConfigurationException refused =
        assertThrows(
            InvalidConfigurationException.class, () -> validate(Map.of(name, value), Map.of()));
    assertTrue(refused.getMessage().contains(name), refused.getMessage());
  }

  @Test
  void what_two_layers_say_goes_together() {
    Map<String, String> local = Map.of("log.local.retention.ms", "5000");
    validate(local, Map.of());
    assertThrows(
        InvalidConfigurationException.class,
        () -> validate(local, Map.of("log.retention.ms", "4000")));
    validate(local, Map.of("log.retention.ms", "-1"));
  }

  @Test
  void every_default_of_a_topic_has_a_name() {
    List<String> without =
        TopicConfigs.describe(LayeredConfigs.of(Map.of())).stream()
            .filter(config -> config.brokerName().isEmpty())
            .map(TopicConfig::name)
            .toList();
    assertEquals(
        List.of(
            "follower.replication.throttled.replicas",
            "leader.replication.throttled.replicas",
            "remote.log.copy.disable",
            "remote.log.delete.on.disable",
            "remote.storage.enable"),
        without);
    assertEquals(
        Map.of("retention.ms", "1", "max.message.bytes", "2"),
        TopicDefaults.ofTopics(Map.of("log.retention.ms", "1", "message.max.bytes", "2")));
    assertEquals(Optional.of("delete"), TopicDefaults.defaultOfList("log.cleanup.policy"));
    assertEquals(Optional.empty(), TopicDefaults.defaultOfList("log.retention.ms"));
  }

  @Test
  void the_topic_counts_before_its_broker_and_that_before_the_cluster() {
    LayeredConfigs configs =
        new LayeredConfigs(
            Map.of("retention.ms", "1"),
            Map.of("retention.ms", "2", "segment.ms", "2"),
            Map.of("retention.ms", "3", "segment.ms", "3", "flush.ms", "3"));
    assertEquals(
        Map.of("retention.ms", "1", "segment.ms", "2", "flush.ms", "3"), configs.effective());
    for (TopicConfig config : TopicConfigs.describe(configs)) {
      assertEquals(configs.effective(config.name()).orElse(config.defaultValue()), config.value());
      switch (config.name()) {
        case "retention.ms" ->
            assertEquals(
                Map.of(ConfigLayer.TOPIC, "1", ConfigLayer.BROKER, "2", ConfigLayer.CLUSTER, "3"),
                config.set());
        case "flush.ms" -> assertEquals(Map.of(ConfigLayer.CLUSTER, "3"), config.set());
        default -> assertTrue(config.set().size() <= 2);
      }
    }
  }

  @Test
  void a_topic_is_valid_over_its_defaults() {
    LayeredConfigs conflict =
        new LayeredConfigs(
            Map.of("min.compaction.lag.ms", "5"), Map.of(), Map.of("max.compaction.lag.ms", "4"));
    assertThrows(InvalidConfigurationException.class, () -> TopicConfigs.validate(conflict));
    // It has been there before the default was.
    assertEquals(4, TopicConfigs.logConfig(conflict.effective()).maxCompactionLagMs);
  }
}
