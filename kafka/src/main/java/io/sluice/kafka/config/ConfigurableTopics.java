package io.sluice.kafka.config;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.TopicConfig;
import io.sluice.log.TopicConfigs;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics: every config that a partition of Apache Kafka understands. */
final class ConfigurableTopics implements Configurable {

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
    return TopicConfigs.describe(topics.layers(existing(name))).stream()
        .map(ConfigurableTopics::described)
        .toList();
  }

  private Topic existing(String name) {
    return topics
        .find(name)
        .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
  }

  private static DescribedConfig described(TopicConfig config) {
    List<DescribedConfig.Synonym> synonyms = ConfigSources.ofTopic(config);
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
  public Optional<String> defaultOfList(String config) {
    return TopicConfigs.defaultOfList(config);
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
    TopicKind kind = topics.find(name).map(Topic::kind).orElse(TopicKind.USER);
    TopicConfigs.validate(topics.layers(kind, configs));
    existing(name);
  }

  @Override
  public void replace(String name, SortedMap<String, String> configs) {
    topics.alterConfigs(name, configs);
  }
}
