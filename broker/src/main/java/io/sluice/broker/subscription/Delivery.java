package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import java.time.Instant;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;

/**
 * A message in flight.
 *
 * @param sourceId which source brought it
 * @param receipt what acknowledges it
 * @param record the record; valid for as long as this object
 * @param receiveCount how often it has been received, this time included
 * @param firstReceivedAt when it was received first
 */
public record Delivery(
    Uuid sourceId, Receipt receipt, Record record, int receiveCount, Instant firstReceivedAt) {}
