package io.sluice.aws.message;

import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.Source;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/** How a record reaches the receiver of a queue: as it was sent, or as an SNS notification. */
public final class Delivery {

  private Delivery() {}

  /**
   * What a receiver gets.
   *
   * @param messageId the id in the queue; a notification's own id is the same unless it came back
   *     from a dead-letter queue
   * @param content body, group id and attributes
   */
  public record Delivered(String messageId, MessageContent content) {}

  /** Delivers a message; {@code notifications} wraps it unless the subscription is raw. */
  public static Delivered of(
      ReceivedMessage message, Notifications notifications, Notifications.Receiver to) {
    String id = MessageIds.of(message.sentTo());
    Record record = message.record();
    Optional<Source> source = message.source();
    if (source.isEmpty() || Subscriptions.isRaw(source.get().attributes())) {
      return new Delivered(id, RecordMapping.toMessage(record, RecordMapping.SQS_ATTRIBUTES));
    }
    MessageContent content = RecordMapping.toMessage(record, RecordMapping.UNLIMITED_ATTRIBUTES);
    return new Delivered(
        id,
        new MessageContent(
            notifications.json(
                MessageIds.of(message.publishedTo()), content, message, source.get(), to),
            content.groupId(),
            Collections.emptySortedMap(),
            Optional.empty(),
            content.traceHeader()));
  }
}
