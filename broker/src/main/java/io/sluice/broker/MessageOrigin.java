package io.sluice.broker;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/**
 * What a message was before the broker moved it to another queue: it travels in a header of the
 * record, so that its receiver sees the message that was sent.
 *
 * @param position where it was sent to
 * @param sentAt when that was
 * @param source the source that brought it to the first of its queues; empty for what was sent
 *     there
 * @param deadLetter what became of it in the queue that it was moved from; empty in a message that
 *     came back from a dead-letter queue, which begins anew
 */
public record MessageOrigin(
    RecordPosition position,
    Instant sentAt,
    Optional<Source> source,
    Optional<DeadLetter> deadLetter) {

  /** The header, a JSON object. */
  public static final String HEADER = "sluice.origin";

  /**
   * Why a message is in a dead-letter queue.
   *
   * @param queue the name of the queue that it was moved from
   * @param receiveCount how often it had been received
   * @param firstReceivedAt when it was received first
   */
  public record DeadLetter(String queue, int receiveCount, Instant firstReceivedAt) {}

  /** What a record's headers tell; empty when they tell nothing, or nothing sensible. */
  public static Optional<MessageOrigin> of(Header[] headers) {
    for (Header header : headers) {
      if (header.key().equals(HEADER) && header.value() != null) {
        return MessageOriginCodec.decode(header.value());
      }
    }
    return Optional.empty();
  }

  /** What a record is by itself, when nothing else is known. */
  static MessageOrigin of(ReceivedMessage message) {
    return message
        .origin()
        .orElseGet(
            () ->
                new MessageOrigin(
                    message.receipt().position(),
                    Instant.ofEpochMilli(message.record().timestamp()),
                    message.source(),
                    Optional.empty()));
  }
}
