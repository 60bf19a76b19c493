package io.sluice.kafka.config;

import io.sluice.log.ConfigLayer;
import io.sluice.log.TopicConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;

/** Where the value of a topic's config comes from, in Kafka's words (KIP-226). */
public final class ConfigSources {

  private static final long HOUR_MS = 3_600_000;
  private static final String IN_HOURS = ".hours";

  private ConfigSources() {}

  /** The one that counts. */
  public static ConfigSource of(TopicConfig config) {
    return config.set().isEmpty() ? ConfigSource.DEFAULT_CONFIG : source(config.set().firstKey());
  }

  private static ConfigSource source(ConfigLayer layer) {
    return switch (layer) {
      case TOPIC -> ConfigSource.TOPIC_CONFIG;
      case BROKER -> ConfigSource.DYNAMIC_BROKER_CONFIG;
      case CLUSTER -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
    };
  }

  /** All that a topic's value may come from, what counts first first. */
  static List<DescribedConfig.Synonym> ofTopic(TopicConfig config) {
    List<DescribedConfig.Synonym> synonyms = new ArrayList<>();
    if (config.set().containsKey(ConfigLayer.TOPIC)) {
      synonyms.add(
          new DescribedConfig.Synonym(config.name(), config.value(), ConfigSource.TOPIC_CONFIG));
    }
    synonyms.addAll(ofBroker(config));
    return synonyms;
  }

  /** All that a broker's default may come from, what counts first first. */
  static List<DescribedConfig.Synonym> ofBroker(TopicConfig config) {
    List<DescribedConfig.Synonym> synonyms = new ArrayList<>();
    config
        .brokerName()
        .ifPresent(
            name -> {
              for (Map.Entry<ConfigLayer, String> set : config.set().entrySet()) {
                if (set.getKey() != ConfigLayer.TOPIC) {
                  synonyms.add(
                      new DescribedConfig.Synonym(name, set.getValue(), source(set.getKey())));
                }
              }
              Optional<DescribedConfig> coarser = coarser(config);
              if (coarser.isEmpty()) {
                synonyms.add(
                    new DescribedConfig.Synonym(
                        name, config.defaultValue(), ConfigSource.DEFAULT_CONFIG));
              } else if (!synonyms.isEmpty()) {
                // Kafka shows none that stands before the first of the config's own name.
                synonyms.addAll(coarser.get().synonyms());
              }
            });
    return synonyms;
  }

  /**
   * The config under whose name Kafka's broker has the built-in default, such as {@code
   * log.retention.hours}, where it is another one. That one is static.
   */
  static Optional<DescribedConfig> coarser(TopicConfig config) {
    List<ConfigSynonym> names =
        ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(config.name(), List.of());
    String value = config.defaultValue();
    if (names.size() < 2 || value == null) {
      return Optional.empty();
    }
    String name = names.getLast().name();
    boolean inHours = name.endsWith(IN_HOURS);
    String inItsUnit = inHours ? Long.toString(Long.parseLong(value) / HOUR_MS) : value;
    return Optional.of(
        DescribedConfig.fixed(
            new DescribedConfig.Synonym(name, inItsUnit, ConfigSource.DEFAULT_CONFIG),
            inHours ? ConfigDef.Type.INT : config.type(),
            config.documentation()));
  }
}
