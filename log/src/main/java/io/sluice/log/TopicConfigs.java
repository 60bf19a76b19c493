package io.sluice.log;

import static org.apache.kafka.common.config.TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The topic-level configuration that a partition understands: Apache Kafka's names, types, defaults
 * and checks.
 */
public final class TopicConfigs {

  /**
   * Where our default differs from Kafka's: an index of 4 MiB holds every entry of a full segment
   * at the default {@code index.interval.bytes}, and 1,000 partitions map 8 GiB of address space
   * less.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(org.apache.kafka.common.config.TopicConfig.SEGMENT_INDEX_BYTES_CONFIG, "4194304");

  private TopicConfigs() {}

  /**
   * Checks topic-level configuration as it is set, over the defaults that it would have; there is
   * no remote storage to turn on.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming the config and what
   *     is wrong with it
   */
  public static void validate(LayeredConfigs configs) {
    Map<String, String> defaults = new HashMap<>(DEFAULTS);
    defaults.putAll(configs.defaults());
    check(
        () -> {
          LogConfig.validate(Map.of(), configs.ofTopic(), defaults, false);
          return configs;
        });
  }

  private static <T> T check(Supplier<T> validation) {
    try {
      return validation.get();
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage(), e);
    }
  }

  /** Every topic-level config with its effective value, in the order of their names. */
  public static List<TopicConfig> describe(LayeredConfigs configs) {
    Map<String, ?> defaults = logConfig(Map.of()).values();
    Map<String, ?> effective = logConfig(configs.effective()).values();
    Map<String, ConfigDef.ConfigKey> keys = LogConfig.configKeys();
    List<TopicConfig> described = new ArrayList<>();
    for (String name : LogConfig.nonInternalConfigNames().stream().sorted().toList()) {
      ConfigDef.ConfigKey key = keys.get(name);
      if (key == null) {
        continue;
      }
      described.add(
          new TopicConfig(
              name,
              TopicDefaults.brokerName(name),
              ConfigDef.convertToString(effective.get(name), key.type),
              ConfigDef.convertToString(defaults.get(name), key.type),
              set(configs, name),
              key.type,
              key.documentation));
    }
    return List.copyOf(described);
  }

  private static SortedMap<ConfigLayer, String> set(LayeredConfigs configs, String name) {
    SortedMap<ConfigLayer, String> set = new TreeMap<>();
    for (ConfigLayer layer : ConfigLayer.values()) {
      String value = configs.of(layer).get(name);
      if (value != null) {
        set.put(layer, value);
      }
    }
    return set;
  }

  /** The built-in default of a topic-level config that is a list; empty for one that is none. */
  public static Optional<String> defaultOfList(String name) {
    return defaultOfList(LogConfig.configKeys(), name);
  }

  static Optional<String> defaultOfList(Map<String, ConfigDef.ConfigKey> keys, String name) {
    return Optional.ofNullable(keys.get(name))
        .filter(key -> key.type == ConfigDef.Type.LIST)
        .map(key -> ConfigDef.convertToString(key.defaultValue, key.type));
  }

  /**
   * The configuration of a log for which {@code configs} count. Whether they go together has been
   * asked when they were set: a default that conflicts with it now is no reason not to open a log,
   * nor is remote storage, which a topic of an older data folder may ask for.
   */
  static LogConfig logConfig(Map<String, String> configs) {
    LogConfig.validateNames(configs);
    Properties overrides = new Properties();
    overrides.putAll(configs);
    return check(() -> LogConfig.fromProps(DEFAULTS, overrides));
  }

  /**
   * As {@link #logConfig(Map)}, for a log that is flushed so: where every append is, one flush
   * serves many of them, and {@code flush.messages} must not flush each alone before.
   */
  static LogConfig logConfig(Map<String, String> configs, Durability durability) {
    Map<String, String> applied = new HashMap<>(configs);
    if (durability == Durability.FSYNC) {
      applied.remove(FLUSH_MESSAGES_INTERVAL_CONFIG);
    }
    return logConfig(applied);
  }
}
