package io.sluice.kafka.group;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import io.sluice.kafka.config.Configurable;
import io.sluice.kafka.config.DescribedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.jspecify.annotations.Nullable;

/**
 * Groups of every type (KIP-848, KIP-932, KIP-1071), by their ids. As in Kafka a group need not
 * exist to be configured. The running coordinator follows each change: see {@link GroupConfigs}.
 */
final class ConfigurableGroups implements Configurable {

  private final Configs configs;
  private final Supplier<CoordinatorConfigs> defaults;

  /**
   * Nothing is made of the coordinator's configuration before it is needed.
   *
   * @param defaults gives it
   */
  ConfigurableGroups(Configs configs, Supplier<CoordinatorConfigs> defaults) {
    this.configs = configs;
    this.defaults = defaults;
  }

  @Override
  public ConfigResource.Type type() {
    return ConfigResource.Type.GROUP;
  }

  @Override
  public List<String> names() {
    return configs.names(ConfigKind.GROUP);
  }

  @Override
  public List<DescribedConfig> describe(String group) {
    if (group.isEmpty()) {
      throw new InvalidRequestException("Group name must not be empty");
    }
    SortedMap<String, String> set = current(group);
    Properties overrides = new Properties();
    overrides.putAll(set);
    Map<String, Integer> ofEveryGroup = defaults.get().ofEveryGroup();
    GroupConfig config = GroupConfig.fromProps(ofEveryGroup, overrides);
    return GroupConfig.CONFIG_DEF.configKeys().values().stream()
        .map(key -> described(key, config.values().get(key.name), set, ofEveryGroup))
        .toList();
  }

  private static DescribedConfig described(
      ConfigDef.ConfigKey key,
      @Nullable Object value,
      Map<String, String> set,
      Map<String, Integer> ofEveryGroup) {
    String text = ConfigDef.convertToString(value, key.type);
    List<DescribedConfig.Synonym> synonyms = new ArrayList<>();
    if (set.containsKey(key.name)) {
      synonyms.add(new DescribedConfig.Synonym(key.name, text, ConfigSource.GROUP_CONFIG));
    }
    Object otherwise =
        ofEveryGroup.containsKey(key.name) ? ofEveryGroup.get(key.name) : key.defaultValue;
    synonyms.add(
        new DescribedConfig.Synonym(
            GroupConfig.brokerSynonym(key.name).orElse(key.name),
            ConfigDef.convertToString(otherwise, key.type),
            ConfigSource.DEFAULT_CONFIG));
    return DescribedConfig.of(text, key, synonyms);
  }

  @Override
  public SortedMap<String, String> current(String group) {
    return configs.of(ConfigKind.GROUP, group);
  }

  @Override
  public void validate(String group, SortedMap<String, String> set) {
    if (group.isEmpty()) {
      throw new InvalidRequestException("Default group resources are not allowed.");
    }
    CoordinatorConfigs all = defaults.get();
    GroupConfig.validate(set, all.groups(), all.shareGroups());
  }

  @Override
  public void replace(String group, SortedMap<String, String> set) {
    configs.replace(ConfigKind.GROUP, group, set);
  }
}
