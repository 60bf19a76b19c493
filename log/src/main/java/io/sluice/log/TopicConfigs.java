package io.sluice.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
   * Checks topic-level configuration as it is set; there is no remote storage to turn on.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming the config and what
   *     is wrong with it
   */
  public static void validate(Map<String, String> configs) {
    check(() -> LogConfig.validate(Map.of(), configs, DEFAULTS, false));
  }

  private static void check(Runnable validation) {
    try {
      validation.run();
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage(), e);
    }
  }

  /** Every topic-level config with its effective value, in the order of their names. */
  public static List<TopicConfig> describe(Map<String, String> configs) {
    Map<String, Object> defaults =
        logConfig(Map.of()).values().entrySet().stream()
            .collect(
                HashMap::new,
                (map, entry) -> map.put(entry.getKey(), entry.getValue()),
                Map::putAll);
    Map<String, ?> effective = logConfig(configs).values();
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
              ConfigDef.convertToString(effective.get(name), key.type),
              ConfigDef.convertToString(defaults.get(name), key.type),
              configs.containsKey(name),
              key.type,
              key.documentation));
    }
    return List.copyOf(described);
  }

  /** The configuration of a log whose topic sets {@code configs}. */
  static LogConfig logConfig(Map<String, String> configs) {
    // Remote storage, which a topic of an older data folder may ask for, is no reason not to open
    // it.
    check(() -> LogConfig.validate(configs));
    Properties overrides = new Properties();
    overrides.putAll(configs);
    return LogConfig.fromProps(DEFAULTS, overrides);
  }
}
