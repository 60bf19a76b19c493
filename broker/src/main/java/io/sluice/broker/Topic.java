package io.sluice.broker;

import java.time.Instant;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic as it stands; immutable.
 *
 * @param name unique; Kafka's rules for topic names
 * @param id given at creation, never used again
 * @param kind whom it is for
 * @param partitions how many, at least 1
 * @param configs topic-level configuration that differs from the defaults, by Kafka's names
 * @param attributes what a protocol's door keeps with the topic, opaque here: SNS attributes, tags
 * @param createdAt when it was created
 */
public record Topic(
    String name,
    Uuid id,
    TopicKind kind,
    int partitions,
    SortedMap<String, String> configs,
    SortedMap<String, String> attributes,
    Instant createdAt) {}
