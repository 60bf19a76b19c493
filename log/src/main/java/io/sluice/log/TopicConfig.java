package io.sluice.log;

import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * One topic-level config and its effective value.
 *
 * @param name Kafka's name for it, such as {@code retention.ms}
 * @param brokerName the name under which a broker sets it for all topics, such as {@code
 *     log.retention.ms}; empty where none can
 * @param value the effective value, as text; null where Kafka has none
 * @param defaultValue the value when nobody sets it
 * @param set the values as they are set, what counts first first
 * @param type its type
 * @param documentation Kafka's own sentence on it
 */
public record TopicConfig(
    String name,
    Optional<String> brokerName,
    @Nullable String value,
    @Nullable String defaultValue,
    SortedMap<ConfigLayer, String> set,
    ConfigDef.Type type,
    String documentation) {}
