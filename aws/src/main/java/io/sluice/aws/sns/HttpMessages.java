package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.MessageContent;
import io.sluice.aws.message.MessageIds;
import io.sluice.aws.message.Notifications;
import io.sluice.aws.message.RecordMapping;
import io.sluice.aws.message.Subscriptions;
import io.sluice.aws.signature.MessageSigner;
import io.sluice.broker.NewRecord;
import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.Source;
import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/**
 * What is posted to endpoints, headers and body (Amazon's "Parsing Amazon SNS message formats"),
 * and the rules that count for it. Safe for use by many threads.
 */
final class HttpMessages {

  private final Topics topics;
  private final MessageSigner signer;
  private final Notifications notifications;

  HttpMessages(Topics topics, MessageSigner signer) {
    this.topics = topics;
    this.signer = signer;
    this.notifications = Notifications.signed(topics, signer);
  }

  /** One POST. */
  @SuppressWarnings("ArrayRecordComponent") // sent, never compared
  record Post(Map<String, String> headers, byte[] body) {}

  /** What tells an endpoint that it is asked. */
  Post confirmation(Source source, HttpSubscription http, Confirmation confirmation) {
    Map<String, String> headers =
        headers(
            confirmation.type(),
            confirmation.messageId(),
            confirmation.topicArn(),
            policy(source).contentType());
    if (confirmation.type().equals(Confirmation.UNSUBSCRIBE)) {
      headers.put("x-amz-sns-subscription-arn", http.arn(source));
    }
    String json =
        confirmation.json(
            signer.sign(
                Notifications.signatureVersion(topics, source.topic()),
                confirmation.stringToSign(),
                http.receiver().endpoint()));
    return new Post(headers, json.getBytes(UTF_8));
  }

  /** What brings it a message. */
  Post notification(
      ReceivedMessage message, Source source, HttpSubscription http, String contentType) {
    Map<String, String> headers =
        headers(
            "Notification",
            MessageIds.of(message.receipt().position()),
            http.topicArn(source),
            contentType);
    headers.put("x-amz-sns-subscription-arn", http.arn(source));
    if (Subscriptions.isRaw(source.attributes())) {
      headers.put("x-amz-sns-rawdelivery", "true");

      return new Post(headers, MessageBodies.bytes(message.record(), http.protocol()));
    }
    return new Post(headers, envelope(message, source, http).getBytes(UTF_8));
  }

  /** What its dead-letter queue gets: the same body, and of a raw message the attributes too. */
  NewRecord deadLetter(ReceivedMessage message, Source source, HttpSubscription http) {
    Record record = message.record();
    byte[] key = Utils.toNullableArray(record.key());
    return Subscriptions.isRaw(source.attributes())
        ? new NewRecord(key, MessageBodies.bytes(record, http.protocol()), deadHeaders(record))
        : new NewRecord(key, envelope(message, source, http).getBytes(UTF_8), List.of());
  }

  /** Without the bodies of other protocols: it is a queue's message from here on. */
  private static List<Header> deadHeaders(Record record) {
    return Stream.of(record.headers())
        .filter(header -> !header.key().equals(RecordMapping.HTTP_BODY))
        .filter(header -> !header.key().equals(RecordMapping.HTTPS_BODY))
        .toList();
  }

  private String envelope(ReceivedMessage message, Source source, HttpSubscription http) {
    MessageContent content =
        RecordMapping.toMessage(message.record(), RecordMapping.UNLIMITED_ATTRIBUTES);
    byte[] other = MessageBodies.other(message.record(), http.protocol());
    if (other != null) {
      content = content.withBody(new String(other, UTF_8));
    }
    String id = MessageIds.of(message.receipt().position());
    return notifications.json(id, content, message, source, http.receiver());
  }

  private static Map<String, String> headers(
      String type, String messageId, String topicArn, String contentType) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", contentType);
    headers.put("x-amz-sns-message-type", type);
    headers.put("x-amz-sns-message-id", messageId);
    headers.put("x-amz-sns-topic-arn", topicArn);
    return headers;
  }

  /** The policy that counts for a subscription; of a topic that is gone, its own. */
  DeliveryPolicy policy(Source source) {
    return topics
        .find(source.topic())
        .map(Topic::attributes)
        .map(TopicAttributes::deliveryPolicy)
        .orElse(DeliveryPolicy.NONE)
        .effectiveOf(SubscriptionAttributes.deliveryPolicy(source.attributes()));
  }
}
