package io.sluice.kafka.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * One config of one resource, as DescribeConfigs shows it.
 *
 * @param name Kafka's name for it
 * @param value the effective value; null where Kafka has none
 * @param type its type
 * @param readOnly whether no client can alter it
 * @param source where the effective value comes from
 * @param synonyms where a value may come from, the one that counts first
 * @param documentation Kafka's own sentence on it; null where Kafka has none
 */
public record DescribedConfig(
    String name,
    @Nullable String value,
    ConfigDef.@Nullable Type type,
    boolean readOnly,
    ConfigSource source,
    List<Synonym> synonyms,
    @Nullable String documentation) {

  /** One place that a value may come from, and what it is there. */
  public record Synonym(String name, @Nullable String value, ConfigSource source) {}

  /** A config that clients can alter; without a synonym its value is the default. */
  public static DescribedConfig of(
      @Nullable String value, ConfigDef.ConfigKey key, List<Synonym> synonyms) {
    return new DescribedConfig(
        key.name, value, key.type, false, source(synonyms), synonyms, key.documentation);
  }

  /** A config that no client can alter, with where its value comes from. */
  static DescribedConfig fixed(
      Synonym only, ConfigDef.@Nullable Type type, @Nullable String documentation) {
    return new DescribedConfig(
        only.name(), only.value(), type, true, only.source(), List.of(only), documentation);
  }

  /** What the first of the synonyms says. */
  static ConfigSource source(List<Synonym> synonyms) {
    return synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.getFirst().source();
  }
}
