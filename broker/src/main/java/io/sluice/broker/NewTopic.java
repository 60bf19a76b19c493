package io.sluice.broker;

import java.util.Map;

/**
 * A topic to create.
 *
 * @param name Kafka's rules: 1–249 of {@code [a-zA-Z0-9._-]}, not {@code .} or {@code ..}
 * @param kind whom it is for
 * @param partitions at least 1, or -1 for the broker's default
 * @param configs topic-level configuration by Kafka's names
 * @param attributes what a protocol's door keeps with the topic
 */
public record NewTopic(
    String name,
    TopicKind kind,
    int partitions,
    Map<String, String> configs,
    Map<String, String> attributes) {

  /** A user's topic with default partitions and configuration. */
  public static NewTopic named(String name) {
    return new NewTopic(name, TopicKind.USER, -1, Map.of(), Map.of());
  }

  /** This topic with so many partitions. */
  public NewTopic withPartitions(int other) {
    return new NewTopic(name, kind, other, configs, attributes);
  }

  /** This topic with that configuration. */
  public NewTopic withConfigs(Map<String, String> other) {
    return new NewTopic(name, kind, partitions, other, attributes);
  }

  /** This topic with those attributes. */
  public NewTopic withAttributes(Map<String, String> other) {
    return new NewTopic(name, kind, partitions, configs, other);
  }
}
