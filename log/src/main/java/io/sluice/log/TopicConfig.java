package io.sluice.log;

import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * One topic-level config and its effective value.
 *
 * @param name Kafka's name for it, such as {@code retention.ms}
 * @param value the effective value, as text; null where Kafka has none
 * @param defaultValue the value when nobody sets it
 * @param overridden whether the topic sets it
 * @param type its type
 * @param documentation Kafka's own sentence on it
 */
public record TopicConfig(
    String name,
    @Nullable String value,
    @Nullable String defaultValue,
    boolean overridden,
    ConfigDef.Type type,
    String documentation) {}
