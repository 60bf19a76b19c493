package io.sluice.kafka.telemetry;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import io.sluice.kafka.config.Configurable;
import io.sluice.kafka.config.DescribedConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/** Subscriptions to metrics of clients, by their names; one is there as long as it has configs. */
final class ConfigurableClientMetrics implements Configurable {

  private final Configs configs;

  ConfigurableClientMetrics(Configs configs) {
    this.configs = configs;
  }

  @Override
  public ConfigResource.Type type() {
    return ConfigResource.Type.CLIENT_METRICS;
  }

  @Override
  public List<String> names() {
    return configs.names(ConfigKind.CLIENT_METRICS);
  }

  @Override
  public List<DescribedConfig> describe(String name) {
    checkName(name);
    SortedMap<String, String> set = current(name);
    Map<String, Object> values = MetricsSubscription.DEFINITION.parse(set);
    return MetricsSubscription.DEFINITION.configKeys().values().stream()
        .map(
            key -> {
              String value = ConfigDef.convertToString(values.get(key.name), key.type);
              return DescribedConfig.of(
                  value,
                  key,
                  set.containsKey(key.name)
                      ? List.of(
                          new DescribedConfig.Synonym(
                              key.name, value, ConfigSource.CLIENT_METRICS_CONFIG))
                      : List.of());
            })
        .toList();
  }

  private static void checkName(String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Client metrics subscription name must not be empty");
    }
  }

  @Override
  public Optional<String> defaultOfList(String config) {
    return Optional.ofNullable(MetricsSubscription.DEFINITION.configKeys().get(config))
        .filter(key -> key.type == ConfigDef.Type.LIST)
        .map(key -> ConfigDef.convertToString(key.defaultValue, key.type));
  }

  @Override
  public SortedMap<String, String> current(String name) {
    return configs.of(ConfigKind.CLIENT_METRICS, name);
  }

  @Override
  public void validate(String name, SortedMap<String, String> set) {
    checkName(name);
    MetricsSubscription.of(set);
  }

  @Override
  public void replace(String name, SortedMap<String, String> set) {
    configs.replace(ConfigKind.CLIENT_METRICS, name, set);
  }
}
