package io.sluice.broker;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record to append. The arrays belong to the record from here on.
 *
 * @param key decides the partition, as in Kafka; null for any partition
 * @param value the payload; null for a tombstone, as in Kafka
 * @param headers in order; names may repeat
 */
@SuppressWarnings("ArrayRecordComponent") // payload, handed over, never compared
public record NewRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {}
