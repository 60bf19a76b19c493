package io.sluice.kafka.config;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;

/** The topics: every config that a partition of Apache Kafka understands. */
final class ConfigurableTopics implements Configurable {

  /** Those whose defaults Kafka's broker has in other units, under names that are no synonyms. */
  private static final Set<String> WITHOUT_SYNONYM =
      Set.of(
          TopicConfig.FLUSH_MS_CONFIG,
          TopicConfig.RETENTION_MS_CONFIG,
          TopicConfig.SEGMENT_MS_CONFIG,
          TopicConfig.SEGMENT_JITTER_MS_CONFIG);

  private final Topics topics;

  ConfigurableTopics(Topics topics) {
    this.topics = topics;
  }

  @Override
  public ConfigResource.Type type() {
    return ConfigResource.Type.TOPIC;
  }

  @Override
  public List<String> names() {
    return topics.list().stream().map(Topic::name).toList();
  }

  @Override
  public List<DescribedConfig> describe(String name) {
    org.apache.kafka.common.internals.Topic.validate(name);
    return TopicConfigs.describe(existing(name).configs()).stream()
        .map(ConfigurableTopics::described)
        .toList();
  }

  private Topic existing(String name) {
    return topics
        .find(name)
        .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
  }

  private static DescribedConfig described(io.sluice.log.TopicConfig config) {
    List<DescribedConfig.Synonym> synonyms = new ArrayList<>();
    if (config.overridden()) {
      synonyms.add(
          new DescribedConfig.Synonym(config.name(), config.value(), ConfigSource.TOPIC_CONFIG));
    }
    String brokerName = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(config.name());
    if (brokerName != null && !WITHOUT_SYNONYM.contains(config.name())) {
      synonyms.add(
          new DescribedConfig.Synonym(
              brokerName, config.defaultValue(), ConfigSource.DEFAULT_CONFIG));
    }
    return new DescribedConfig(
        config.name(),
        config.value(),
        config.type(),
        false,
        DescribedConfig.source(synonyms),
        synonyms,
        config.documentation());
  }

  @Override
  public SortedMap<String, String> current(String name) {
    return topics.find(name).map(Topic::configs).orElseGet(TreeMap::new);
  }

  @Override
  public void validate(String name, SortedMap<String, String> configs) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Default topic resources are not allowed.");
    }
    org.apache.kafka.common.internals.Topic.validate(name);
    TopicConfigs.validate(configs);
    existing(name);
  }

  @Override
  public void replace(String name, SortedMap<String, String> configs) {
    topics.alterConfigs(name, configs);
  }
}
