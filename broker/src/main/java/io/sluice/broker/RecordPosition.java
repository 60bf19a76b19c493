package io.sluice.broker;

import org.apache.kafka.common.Uuid;

/**
 * Where a record stands, which is its identity at every door.
 *
 * @param topicId the topic's id
 * @param partition the partition's index
 * @param offset the offset in the partition
 */
public record RecordPosition(Uuid topicId, int partition, long offset) {}
