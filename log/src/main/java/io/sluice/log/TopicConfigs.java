package io.sluice.log;

import java.util.List;
import java.util.Map;

/**
 * The topic-level configuration that a partition understands: Apache Kafka's names, types, defaults
 * and checks.
 */
public final class TopicConfigs {

  private TopicConfigs() {}

  /**
   * Checks topic-level configuration.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming the config and what
   *     is wrong with it
   */
  public static void validate(Map<String, String> configs) {
    throw new UnsupportedOperationException(configs.toString());
  }

  /** Every topic-level config with its effective value, in the order of their names. */
  public static List<TopicConfig> describe(Map<String, String> configs) {
    throw new UnsupportedOperationException(configs.toString());
  }
}
