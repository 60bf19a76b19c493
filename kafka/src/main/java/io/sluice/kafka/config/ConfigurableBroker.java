package io.sluice.kafka.config;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.log.TopicConfig;
import io.sluice.log.TopicConfigs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.jspecify.annotations.Nullable;

/**
 * This broker: what it was started with, and what holds for topics that say nothing else. A client
 * can alter none of it, as it could not alter those settings of Apache Kafka that are not dynamic.
 */
final class ConfigurableBroker implements Configurable {

  private final BrokerOptions options;
  private final Path directory;

  ConfigurableBroker(Broker broker) {
    this.options = broker.options();
    this.directory = broker.directory();
  }

  @Override
  public ConfigResource.Type type() {
    return ConfigResource.Type.BROKER;
  }

  @Override
  public List<String> names() {
    return List.of(Integer.toString(options.nodeId()));
  }

  @Override
  public List<DescribedConfig> describe(String id) {
    if (id.isEmpty()) {
      // What is set for every broker of the cluster; here each setting is this broker's own.
      return List.of();
    }
    int asked;
    try {
      asked = Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Broker id must be an integer, but it is: " + id, e);
    }
    if (asked != options.nodeId()) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected "
              + options.nodeId()
              + " or empty string, but received "
              + id);
    }
    List<DescribedConfig> described = new ArrayList<>(settings());
    described.addAll(topicDefaults());
    return described;
  }

  /** What this broker was started with, by the names of Kafka's settings. */
  private List<DescribedConfig> settings() {
    return List.of(
        setting("node.id", ConfigDef.Type.INT, options.nodeId()),
        setting("broker.id", ConfigDef.Type.INT, options.nodeId()),
        setting("log.dirs", ConfigDef.Type.LIST, directory),
        setting("num.partitions", ConfigDef.Type.INT, options.defaultPartitions()),
        setting("default.replication.factor", ConfigDef.Type.INT, 1),
        setting("auto.create.topics.enable", ConfigDef.Type.BOOLEAN, options.autoCreateTopics()));
  }

  private static DescribedConfig setting(String name, ConfigDef.Type type, Object value) {
    return described(name, type, value.toString(), ConfigSource.STATIC_BROKER_CONFIG, null);
  }

  /** What holds for topics that say nothing else, by the names that Kafka's broker has for it. */
  private static List<DescribedConfig> topicDefaults() {
    List<DescribedConfig> defaults = new ArrayList<>();
    for (TopicConfig config : TopicConfigs.describe(Map.of())) {
      String name = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(config.name());
      if (name != null) {
        defaults.add(
            described(
                name,
                config.type(),
                config.value(),
                ConfigSource.DEFAULT_CONFIG,
                config.documentation()));
      }
    }
    return defaults;
  }

  private static DescribedConfig described(
      String name,
      ConfigDef.Type type,
      @Nullable String value,
      ConfigSource source,
      @Nullable String documentation) {
    return new DescribedConfig(
        name,
        value,
        type,
        true,
        source,
        List.of(new DescribedConfig.Synonym(name, value, source)),
        documentation);
  }

  @Override
  public SortedMap<String, String> current(String name) {
    return new TreeMap<>();
  }

  @Override
  public void validate(String id, SortedMap<String, String> configs) {
    describe(id);
    if (!configs.isEmpty()) {
      throw new InvalidRequestException(
          "Cannot update these configs dynamically: " + configs.keySet());
    }
  }

  @Override
  public void replace(String name, SortedMap<String, String> configs) {
    // Nothing can be set.
  }
}
