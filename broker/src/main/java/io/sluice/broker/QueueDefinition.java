package io.sluice.broker;

import java.time.Instant;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;

/** What the metadata journal remembers of a queue; immutable. */
record QueueDefinition(
    String name,
    Uuid id,
    SortedMap<String, String> attributes,
    QueueSettings settings,
    Instant createdAt,
    Instant modifiedAt) {}
