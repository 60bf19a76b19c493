package io.sluice.aws.message;

import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.Source;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/** How a record reaches the receiver of a queue: as it was sent, or as an SNS notification. */
public final class Delivery {

  private Delivery() {}

  /**
   * What a receiver gets.
   *
   * @param messageId the id in the queue; a notification's own id is the same
   * @param content body, group id and attributes
   */
  public record Delivered(String messageId, MessageContent content) {}

  /**
   * Delivers a message to a receiver who calls in {@code region} and {@code account}, and reaches
   * us at {@code endpoint}.
   */
  public static Delivered of(ReceivedMessage message, String region, String account, URI endpoint) {
    String id = MessageIds.of(message.receipt().position());
    Record record = message.record();
    Optional<Source> source = message.source();
    if (source.isEmpty() || Subscriptions.isRaw(source.get().attributes())) {
      return new Delivered(id, RecordMapping.toMessage(record, RecordMapping.SQS_ATTRIBUTES));
    }
    MessageContent content = RecordMapping.toMessage(record, RecordMapping.UNLIMITED_ATTRIBUTES);
    Notification notification =
        new Notification(
            id,
            Arns.topic(region, account, source.get().topic()),
            content,
            Instant.ofEpochMilli(record.timestamp()),
            endpoint
                + "/?Action=Unsubscribe&SubscriptionArn="
                + Subscriptions.arn(source.get(), region, account));
    return new Delivered(
        id,
        new MessageContent(
            notification.json(),
            content.groupId(),
            Collections.emptySortedMap(),
            Optional.empty(),
            content.traceHeader()));
  }
}
