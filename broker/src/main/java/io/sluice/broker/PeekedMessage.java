package io.sluice.broker;

import org.apache.kafka.common.record.internal.Record;

/**
 * A message that was looked at and not taken.
 *
 * @param topic the name of the topic it was read from, the queue's inbox included
 * @param position where it stands there
 * @param record key, value, headers and timestamp; valid for as long as this object
 * @param state as it was at that moment
 * @param receiveCount how often it has been received
 */
public record PeekedMessage(
    String topic, RecordPosition position, Record record, MessageState state, int receiveCount) {}
