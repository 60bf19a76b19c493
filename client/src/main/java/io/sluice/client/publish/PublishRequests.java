package io.sluice.client.publish;

import io.sluice.client.message.Attribute;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.service.Nanoseconds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/** Requests of SNS. */
public final class PublishRequests {

  private PublishRequests() {}

  /**
   * One request; the id of each entry is its place.
   *
   * @param timeout after which it is not tried any more, whatever the SDK's retries
   */
  static PublishBatchRequest of(
      String topicArn, List<Outgoing.Message> messages, Duration timeout) {
    List<PublishBatchRequestEntry> entries = new ArrayList<>(messages.size());
    for (Outgoing.Message outgoing : messages) {
      entries.add(
          PublishBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .message(outgoing.content().body())
              .messageGroupId(outgoing.content().groupId())
              .messageDeduplicationId(outgoing.deduplicationId())
              .messageAttributes(attributes(outgoing.content()))
              .build());
    }
    return PublishBatchRequest.builder()
        .topicArn(topicArn)
        .publishBatchRequestEntries(entries)
        .overrideConfiguration(override -> override.apiCallTimeout(timeout))
        .build();
  }

  /** How long a client lets a request take, which one's own setting would hide; ns. */
  static long longestCall(SnsClient sns) {
    try {
      ClientOverrideConfiguration settings =
          sns.serviceClientConfiguration().overrideConfiguration();
      Duration timeout = settings == null ? null : settings.apiCallTimeout().orElse(null);
      return timeout == null ? Long.MAX_VALUE : Nanoseconds.of(timeout);
    } catch (UnsupportedOperationException e) {
      // It is somebody's own, without settings.
      return Long.MAX_VALUE;
    }
  }

  private static Map<String, MessageAttributeValue> attributes(PlainMessage message) {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    message.attributes().forEach((name, attribute) -> attributes.put(name, value(attribute)));
    return attributes;
  }

  private static MessageAttributeValue value(Attribute attribute) {
    MessageAttributeValue.Builder value =
        MessageAttributeValue.builder().dataType(attribute.dataType());
    return attribute instanceof Attribute.Text text
        ? value.stringValue(text.value()).build()
        : value.binaryValue(SdkBytes.fromByteArray(((Attribute.Bytes) attribute).value())).build();
  }

  /** How large a message is, as Amazon counts it ("Publish": body and attributes). */
  public static int bytes(PlainMessage message) {
    long bytes = utf8(message.body());
    for (Map.Entry<String, Attribute> attribute : message.attributes().entrySet()) {
      bytes += utf8(attribute.getKey()) + utf8(attribute.getValue().dataType());
      bytes +=
          attribute.getValue() instanceof Attribute.Text text
              ? utf8(text.value())
              : ((Attribute.Bytes) attribute.getValue()).value().length;
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
