package io.sluice.broker;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/**
 * A message in flight.
 *
 * @param receipt what acknowledges it
 * @param topic the name of the topic it was read from, the queue's inbox included
 * @param source the source that brought it; empty for what was sent to the inbox
 * @param record key, value, headers and timestamp; valid for as long as this object
 * @param receiveCount how often it has been received, this time included
 * @param firstReceivedAt when it was received first
 */
public record ReceivedMessage(
    Receipt receipt,
    String topic,
    Optional<Source> source,
    Record record,
    int receiveCount,
    Instant firstReceivedAt) {}
