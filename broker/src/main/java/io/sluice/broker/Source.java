package io.sluice.broker;

import java.time.Instant;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;

/**
 * That a queue reads a topic: what SNS calls a subscription. Immutable.
 *
 * @param id given at creation, never used again
 * @param topic the topic's name
 * @param topicId the topic's id
 * @param queue the queue's name
 * @param queueId the queue's id
 * @param attributes what a protocol's door keeps with it, opaque here: SNS subscription attributes
 * @param createdAt when it was created
 */
public record Source(
    Uuid id,
    String topic,
    Uuid topicId,
    String queue,
    Uuid queueId,
    SortedMap<String, String> attributes,
    Instant createdAt) {}
