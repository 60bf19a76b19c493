package io.sluice.aws.sns;

import io.sluice.log.LayeredConfigs;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Lets a topic's log keep messages as long as its archive policy says, by the topic's own {@code
 * retention.ms}, where Kafka's clients see it. A retention that is longer anyway stays. When the
 * policy changes or goes, so does the retention that says exactly what the policy said.
 */
final class TopicRetention {

  private static final String RETENTION = TopicConfig.RETENTION_MS_CONFIG;

  /** Kafka's default of {@code retention.ms}. */
  private static final Duration DEFAULT = Duration.ofDays(7);

  private TopicRetention() {}

  /**
   * The configs of a topic whose attributes change.
   *
   * @param layers the topic's present configs, with what counts where it sets none
   */
  static SortedMap<String, String> configs(
      LayeredConfigs layers, Map<String, String> before, Map<String, String> after) {
    SortedMap<String, String> configs = new TreeMap<>(layers.ofTopic());
    ArchivePolicy.of(before)
        .ifPresent(policy -> configs.remove(RETENTION, millis(policy.retention())));
    Optional<ArchivePolicy> policy = ArchivePolicy.of(after);
    if (policy.isPresent()) {
      long kept =
          new LayeredConfigs(configs, layers.ofBroker(), layers.ofCluster())
              .effective(RETENTION)
              .map(text -> Long.parseLong(text.strip()))
              .orElse(DEFAULT.toMillis());
      // A negative retention is an unlimited one.
      if (kept >= 0 && kept < policy.get().retention().toMillis()) {
        configs.put(RETENTION, millis(policy.get().retention()));
      }
    }
    return configs;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  /** Whether a topic's messages need not be kept as long as before. */
  static boolean isShorter(Map<String, String> before, Map<String, String> after) {
    return days(after).compareTo(days(before)) < 0;
  }

  private static Duration days(Map<String, String> attributes) {
    return ArchivePolicy.of(attributes).map(ArchivePolicy::retention).orElse(Duration.ZERO);
  }
}
