package io.sluice.broker.subscription;

import io.sluice.broker.MessageState;
import io.sluice.broker.RecordPosition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;

/**
 * A message that was looked at and not taken.
 *
 * @param sourceId which source brings it
 * @param position where it stands
 * @param record the record; valid for as long as this object
 * @param state as it was at that moment
 * @param receiveCount how often it has been received
 */
public record Seen(
    Uuid sourceId, RecordPosition position, Record record, MessageState state, int receiveCount) {}
