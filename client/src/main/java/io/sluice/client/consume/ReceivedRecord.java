package io.sluice.client.consume;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was received, or what cannot be read as one.
 *
 * @param offset {@link HeldMessage#NO_OFFSET} where the queue has no sequence numbers
 * @param timestamp ms since the epoch
 * @param receiveCount how often its message was received, this time included; 1 or more
 * @param unreadable why it is no record; key and value are null and empty then
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReceivedRecord(
    long offset,
    long timestamp,
    TimestampType timestampType,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    short receiveCount,
    @Nullable RuntimeException unreadable) {}
