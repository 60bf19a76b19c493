package io.sluice.kafka.share;

import org.apache.kafka.common.Uuid;

/** A partition by its topic's id (KIP-516), whether it exists or not. */
record SharePartition(Uuid topicId, int index) {}
