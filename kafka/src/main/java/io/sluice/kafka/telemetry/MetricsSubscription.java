package io.sluice.kafka.telemetry;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * What one subscription asks of which clients. Immutable.
 *
 * @param metrics prefixes of the names of metrics; {@code *} for all
 * @param intervalMs how often they are pushed
 * @param match patterns that the attributes of a client have to match, by Kafka's names for those.
 *     They are RE2's, because others can take for ever
 */
record MetricsSubscription(List<String> metrics, int intervalMs, Map<String, Pattern> match) {

  static final String METRICS = "metrics";
  static final String INTERVAL_MS = "interval.ms";
  static final String MATCH = "match";

  static final int DEFAULT_INTERVAL_MS = 5 * 60 * 1000;
  private static final int MIN_INTERVAL_MS = 100;
  private static final int MAX_INTERVAL_MS = 60 * 60 * 1000;

  /** The configs of a subscription, as Kafka defines them. */
  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              METRICS,
              ConfigDef.Type.LIST,
              List.of(),
              ConfigDef.ValidList.anyNonDuplicateValues(true, false),
              ConfigDef.Importance.MEDIUM,
              "Telemetry metric name prefix list")
          .define(
              INTERVAL_MS,
              ConfigDef.Type.INT,
              DEFAULT_INTERVAL_MS,
              ConfigDef.Importance.MEDIUM,
              "Metrics push interval in milliseconds")
          .define(
              MATCH,
              ConfigDef.Type.LIST,
              List.of(),
              ConfigDef.ValidList.anyNonDuplicateValues(true, false),
              ConfigDef.Importance.MEDIUM,
              "Client match criteria");

  /**
   * Reads the configs of a subscription.
   *
   * @throws InvalidRequestException an unknown config, or an interval out of range
   * @throws InvalidConfigurationException a pattern is wrong
   * @throws org.apache.kafka.common.config.ConfigException another value is wrong
   */
  static MetricsSubscription of(Map<String, String> configs) {
    for (String name : configs.keySet()) {
      if (!DEFINITION.names().contains(name)) {
        throw new InvalidRequestException("Unknown client metrics configuration: " + name);
      }
    }
    Map<String, Object> parsed = DEFINITION.parse(configs);
    int intervalMs = (Integer) parsed.getOrDefault(INTERVAL_MS, DEFAULT_INTERVAL_MS);
    if (intervalMs < MIN_INTERVAL_MS || intervalMs > MAX_INTERVAL_MS) {
      throw new InvalidRequestException(
          "Invalid value %d for %s, interval must be between %d and %d (1 hour)"
              .formatted(intervalMs, INTERVAL_MS, MIN_INTERVAL_MS, MAX_INTERVAL_MS));
    }
    return new MetricsSubscription(
        list(parsed.get(METRICS)), intervalMs, patterns(list(parsed.get(MATCH))));
  }

  private static List<String> list(@org.jspecify.annotations.Nullable Object parsed) {
    return parsed instanceof List<?> values
        ? values.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static Map<String, Pattern> patterns(List<String> match) {
    Map<String, Pattern> patterns = new HashMap<>();
    for (String each : match) {
      int end = each.indexOf('=');
      String attribute = end < 0 ? each : each.substring(0, end).trim();
      String pattern = each.substring(end + 1).trim();
      if (end < 0 || pattern.contains("=") || !ClientAttributes.NAMES.contains(attribute)) {
        throw new InvalidConfigurationException("Illegal client matching pattern: " + each);
      }
      try {
        patterns.put(attribute, Pattern.compile(pattern));
      } catch (PatternSyntaxException e) {
        throw new InvalidConfigurationException("Illegal client matching pattern: " + each, e);
      }
    }
    return Map.copyOf(patterns);
  }

  boolean matches(ClientAttributes client) {
    return match.entrySet().stream()
        .allMatch(
            each -> {
              String value = client.values().get(each.getKey());
              return value != null && each.getValue().matches(value);
            });
  }
}
