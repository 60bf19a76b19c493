package io.sluice.broker;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/**
 * A message in flight.
 *
 * @param receipt what acknowledges it
 * @param topic the name of the topic it was read from, the queue's inbox included
 * @param source the source that brought it, in a message that was moved the one that did first;
 *     empty for what was sent to the inbox
 * @param record key, value, headers and timestamp; valid for as long as this object
 * @param receiveCount how often it has been received, this time included, and before it was moved
 *     to a dead-letter queue
 * @param firstReceivedAt when it was received first
 * @param origin what it was before the broker moved it
 */
public record ReceivedMessage(
    Receipt receipt,
    String topic,
    Optional<Source> source,
    Record record,
    int receiveCount,
    Instant firstReceivedAt,
    Optional<MessageOrigin> origin) {

  /** Where the message was sent to: a dead letter is still the message that it was. */
  public RecordPosition sentTo() {
    return origin
        .filter(moved -> moved.deadLetter().isPresent())
        .map(MessageOrigin::position)
        .orElse(receipt.position());
  }

  /** When the message was sent. */
  public Instant sentAt() {
    return origin
        .filter(moved -> moved.deadLetter().isPresent())
        .map(MessageOrigin::sentAt)
        .orElseGet(() -> Instant.ofEpochMilli(record.timestamp()));
  }

  /** Where its record was published before the broker moved it anywhere. */
  public RecordPosition publishedTo() {
    return origin.map(MessageOrigin::position).orElse(receipt.position());
  }

  /** When its record was published. */
  public Instant publishedAt() {
    return origin
        .map(MessageOrigin::sentAt)
        .orElseGet(() -> Instant.ofEpochMilli(record.timestamp()));
  }
}
