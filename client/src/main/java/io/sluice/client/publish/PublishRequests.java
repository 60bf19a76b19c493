package io.sluice.client.publish;

import io.sluice.client.message.Attribute;
import io.sluice.client.message.PlainMessage;
import io.sluice.client.service.Nanoseconds;
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
final class PublishRequests {

  private PublishRequests() {}

  /**
   * A request's; the id of each entry is its place.
   *
   * @param timeout after which it is not tried any more, whatever the SDK's retries
   */
  static PublishBatchRequest of(Request request, Duration timeout) {
    List<PublishBatchRequestEntry> entries = new ArrayList<>(request.entries().size());
    for (Request.Entry entry : request.entries()) {
      entries.add(entry(Integer.toString(entries.size()), entry.message()));
    }
    return PublishBatchRequest.builder()
        .topicArn(request.topicArn())
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

  private static PublishBatchRequestEntry entry(String id, Outgoing.Message outgoing) {
    PlainMessage content = outgoing.content();
    PublishBatchRequestEntry.Builder entry =
        PublishBatchRequestEntry.builder()
            .id(id)
            .message(content.body())
            .messageGroupId(content.groupId())
            .messageDeduplicationId(outgoing.deduplicationId());
    if (!content.attributes().isEmpty()) {
      entry.messageAttributes(attributes(content));
    }
    return entry.build();
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
}
