package io.sluice.client;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * The settings of a new topic.
 *
 * @param fifo whether it is a FIFO topic
 * @param retention how long its records are kept for groups that come later; negative: for ever
 */
record NewTopicConfig(Format format, boolean fifo, Optional<Duration> retention) {

  private static final Set<String> KNOWN =
      Set.of(SnsSqsAdmin.FORMAT_CONFIG, SnsSqsAdmin.FIFO_CONFIG, TopicConfig.RETENTION_MS_CONFIG);

  /**
   * Reads them.
   *
   * @throws InvalidConfigurationException one is none of SNS's, or has no value of its own
   */
  static NewTopicConfig of(Map<String, String> configs) {
    for (String name : configs.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new InvalidConfigurationException(
            "A topic on SNS has no setting " + name + "; it has " + KNOWN);
      }
    }
    String format = configs.getOrDefault(SnsSqsAdmin.FORMAT_CONFIG, Format.PACKED.tag());
    String fifo = configs.getOrDefault(SnsSqsAdmin.FIFO_CONFIG, "true");
    if (!fifo.equals("true") && !fifo.equals("false")) {
      throw invalid(SnsSqsAdmin.FIFO_CONFIG, fifo);
    }
    return new NewTopicConfig(
        format(format),
        Boolean.parseBoolean(fifo),
        Optional.ofNullable(configs.get(TopicConfig.RETENTION_MS_CONFIG))
            .map(NewTopicConfig::retention)
            .filter(time -> !time.isZero()));
  }

  private static Format format(String name) {
    try {
      return Format.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid(SnsSqsAdmin.FORMAT_CONFIG, name);
    }
  }

  private static Duration retention(String millis) {
    try {
      return Duration.ofMillis(Long.parseLong(millis));
    } catch (NumberFormatException e) {
      throw invalid(TopicConfig.RETENTION_MS_CONFIG, millis);
    }
  }

  private static InvalidConfigurationException invalid(String name, String value) {
    return new InvalidConfigurationException("Invalid value " + value + " for " + name);
  }
}
