package io.sluice.broker;

import java.time.Instant;
import org.apache.kafka.common.Uuid;

/**
 * What the metadata journal remembers of a share group that has a subscription of its own.
 *
 * @param name the group's id
 * @param id the subscription's id
 * @param createdAt when it began to read
 */
record ShareGroupDefinition(String name, Uuid id, Instant createdAt) {}
