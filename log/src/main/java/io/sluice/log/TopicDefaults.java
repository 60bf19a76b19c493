package io.sluice.log;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The configs of a broker that are the defaults of its topics, by Apache Kafka's names for them,
 * such as {@code log.retention.ms} (KIP-226). Each may be what its topic-level config may be, but
 * for what {@link #validate} says.
 */
public final class TopicDefaults {

  private static final Map<String, String> BROKER_NAMES =
      ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS;

  private static final Map<String, String> TOPIC_NAMES = new HashMap<>();
  private static final ConfigDef DEFINITION = new ConfigDef();

  static {
    BROKER_NAMES.forEach(
        (topicName, brokerName) -> {
          TOPIC_NAMES.put(brokerName, topicName);
          ConfigDef.ConfigKey key = requireNonNull(LogConfig.configKeys().get(topicName));
          DEFINITION.define(
              brokerName,
              key.type,
              key.defaultValue,
              key.validator,
              key.importance,
              key.documentation);
        });
  }

  /** What the retention of local records is when it is that of all records. */
  private static final long AS_ALL = -2;

  private static final long UNLIMITED = -1;

  private TopicDefaults() {}

  /** How a broker names the default of a topic-level config; empty where it has none. */
  static Optional<String> brokerName(String topicName) {
    return Optional.ofNullable(BROKER_NAMES.get(topicName));
  }

  /** The built-in default of a config that is a list; empty for one that is none. */
  public static Optional<String> defaultOfList(String brokerName) {
    return TopicConfigs.defaultOfList(DEFINITION.configKeys(), brokerName);
  }

  /** What a broker sets, by the names that its topics have for it. */
  public static Map<String, String> ofTopics(Map<String, String> configs) {
    Map<String, String> ofTopics = new HashMap<>();
    configs.forEach((brokerName, value) -> ofTopics.put(TOPIC_NAMES.get(brokerName), value));
    return ofTopics;
  }

  /**
   * Checks that there are no others.
   *
   * @throws InvalidConfigurationException naming the others
   */
  public static void validateNames(Collection<String> names) {
    List<String> others =
        names.stream().filter(name -> !TOPIC_NAMES.containsKey(name)).sorted().toList();
    if (!others.isEmpty()) {
      throw new InvalidConfigurationException(
          "Cannot update these configs dynamically: %s. Only the defaults of topics are dynamic here."
              .formatted(others));
    }
  }

  /**
   * Checks what shall be set, as Apache Kafka does. As there, whether topics whose other configs
   * conflict with these can exist is not asked: their own configs can mend it.
   *
   * @param configs what one layer shall set
   * @param together that with what the other layer sets
   * @throws InvalidConfigurationException naming the config and what is wrong with it
   */
  public static void validate(Map<String, String> configs, Map<String, String> together) {
    validateNames(configs.keySet());
    try {
      DEFINITION.parse(configs);
      Map<String, Object> values = DEFINITION.parse(together);
      validateRetention(number(values, TopicConfig.RETENTION_MS_CONFIG));
      validateLocal(
          values, TopicConfig.LOCAL_LOG_RETENTION_MS_CONFIG, TopicConfig.RETENTION_MS_CONFIG);
      validateLocal(
          values, TopicConfig.LOCAL_LOG_RETENTION_BYTES_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG);
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage(), e);
    }
  }

  private static long number(Map<String, Object> values, String topicName) {
    return ((Number) requireNonNull(values.get(BROKER_NAMES.get(topicName)))).longValue();
  }

  private static void validateRetention(long retentionMs) {
    if (retentionMs == 0) {
      throw new ConfigException(
          "log.retention.ms must be unlimited (-1) or, greater than or equal to 1");
    }
  }

  /** There are no others than local records here; Kafka checks this also where there are none. */
  private static void validateLocal(Map<String, Object> values, String local, String all) {
    long ofLocal = number(values, local);
    long ofAll = number(values, all);
    if (ofAll > UNLIMITED && ofLocal != AS_ALL && (ofLocal == UNLIMITED || ofLocal > ofAll)) {
      throw new ConfigException(
          BROKER_NAMES.get(local),
          ofLocal,
          "Value must not be more than %s property value: %d"
              .formatted(BROKER_NAMES.get(all), ofAll));
    }
  }
}
