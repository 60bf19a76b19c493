package io.sluice.kafka.config;

import io.sluice.broker.BrokerOptions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/**
 * This broker. Its settings are read when it starts, so that a client can alter none of them, as it
 * could not alter those of Apache Kafka that are not dynamic.
 */
final class ConfigurableBroker implements Configurable {

  private final BrokerOptions options;

  ConfigurableBroker(BrokerOptions options) {
    this.options = options;
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
    return new TreeMap<>(
            Map.of(
                "node.id", Integer.toString(options.nodeId()),
                "broker.id", Integer.toString(options.nodeId()),
                "num.partitions", Integer.toString(options.defaultPartitions()),
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "auto.create.topics.enable", Boolean.toString(options.autoCreateTopics())))
        .entrySet().stream().map(config -> described(config.getKey(), config.getValue())).toList();
  }

  private static DescribedConfig described(String name, String value) {
    return new DescribedConfig(
        name,
        value,
        ConfigDef.Type.STRING,
        true,
        ConfigSource.STATIC_BROKER_CONFIG,
        List.of(new DescribedConfig.Synonym(name, value, ConfigSource.STATIC_BROKER_CONFIG)),
        null);
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
