package io.sluice.kafka.config;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.ConfigLayer;
import io.sluice.log.TopicConfig;
import io.sluice.log.TopicConfigs;
import io.sluice.log.TopicDefaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * This broker, and by no name all brokers of its cluster (KIP-226): what it was started with, and
 * what holds for topics that say nothing else. Clients alter the latter. What else Kafka's broker
 * changes as it runs would have no effect here and is refused, as are names that nobody knows,
 * which Kafka keeps.
 */
final class ConfigurableBroker implements Configurable {

  private final BrokerOptions options;
  private final Path directory;
  private final Topics topics;
  private final Configs configs;

  ConfigurableBroker(Broker broker) {
    this.options = broker.options();
    this.directory = broker.directory();
    this.topics = broker.topics();
    this.configs = broker.configs();
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
      return topicDefaults()
          .filter(config -> config.set().containsKey(ConfigLayer.CLUSTER))
          .map(ConfigurableBroker::ofCluster)
          .toList();
    }
    checkId(id, "Broker id", " or empty string,");
    List<DescribedConfig> described = new ArrayList<>(settings());
    topicDefaults().forEach(config -> describe(config, described));
    return described;
  }

  private void checkId(String id, String what, String orElse) {
    if (!id.matches("-?\\d+")) {
      throw new InvalidRequestException(what + " must be an integer, but it is: " + id);
    }
    if (!id.equals(Integer.toString(options.nodeId()))) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected %d%s but received %s"
              .formatted(options.nodeId(), orElse, id));
    }
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
    return DescribedConfig.fixed(
        new DescribedConfig.Synonym(name, value.toString(), ConfigSource.STATIC_BROKER_CONFIG),
        type,
        null);
  }

  /** What holds for topics that say nothing else. */
  private Stream<TopicConfig> topicDefaults() {
    return TopicConfigs.describe(topics.layers(TopicKind.USER, Map.of())).stream()
        .filter(config -> config.brokerName().isPresent());
  }

  private static DescribedConfig ofCluster(TopicConfig config) {
    DescribedConfig.Synonym set =
        ConfigSources.ofBroker(config).stream()
            .filter(synonym -> synonym.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
            .findFirst()
            .orElseThrow();
    return dynamic(set.name(), set.value(), config, List.of(set));
  }

  /** By Kafka's names; where it has a config in two units, the coarser one has the default. */
  private static void describe(TopicConfig config, List<DescribedConfig> into) {
    List<DescribedConfig.Synonym> synonyms = ConfigSources.ofBroker(config);
    String value = synonyms.isEmpty() ? null : config.value();
    into.add(dynamic(config.brokerName().orElseThrow(), value, config, synonyms));
    ConfigSources.coarser(config).ifPresent(into::add);
  }

  private static DescribedConfig dynamic(
      String name,
      @Nullable String value,
      TopicConfig config,
      List<DescribedConfig.Synonym> synonyms) {
    return new DescribedConfig(
        name,
        value,
        config.type(),
        false,
        DescribedConfig.source(synonyms),
        synonyms,
        config.documentation());
  }

  @Override
  public Optional<String> defaultOfList(String config) {
    TopicDefaults.validateNames(List.of(config));
    return TopicDefaults.defaultOfList(config);
  }

  @Override
  public SortedMap<String, String> current(String id) {
    return configs.of(ConfigKind.BROKER, id);
  }

  @Override
  public void validate(String id, SortedMap<String, String> set) {
    if (!id.isEmpty()) {
      checkId(id, "Node id", ",");
    }
    try {
      configs.validate(ConfigKind.BROKER, id, set);
    } catch (InvalidConfigurationException e) {
      // KAFKA-13609: the request is well-formed, but this is the error that clients know.
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }

  @Override
  public void replace(String id, SortedMap<String, String> set) {
    configs.replace(ConfigKind.BROKER, id, set);
  }
}
