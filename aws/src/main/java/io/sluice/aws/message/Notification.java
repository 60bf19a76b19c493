package io.sluice.aws.message;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.aws.signature.MessageSignature;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Optional;

/**
 * The JSON that SNS wraps around a message for a queue that did not ask for raw delivery, fields
 * and layout as Amazon's (Amazon's "Parsing Amazon SNS message formats"). One that is not signed
 * has no {@code SignatureVersion}, {@code Signature} and {@code SigningCertURL} rather than false
 * ones.
 *
 * @param messageId as the publisher was told
 * @param topicArn where it was published
 * @param content what was published
 * @param timestamp when it was, as {@link #timestamp(Instant)} writes it
 * @param unsubscribeUrl ends the subscription
 * @param signature who vouches for it; notifications of FIFO topics are not signed
 * @param sequenceNumber the message's place in a FIFO topic
 * @param isReplayed whether it comes from the topic's past (Amazon's "Amazon SNS message replay for
 *     FIFO topic subscribers")
 */
record Notification(
    String messageId,
    String topicArn,
    MessageContent content,
    String timestamp,
    String unsubscribeUrl,
    Optional<MessageSignature> signature,
    Optional<String> sequenceNumber,
    boolean isReplayed) {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** An instant as SNS writes it, to the millisecond. */
  static String timestamp(Instant instant) {
    return FORMAT.format(instant);
  }

  /** The body of the message in the queue. */
  String json() {
    return Json.pretty(this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("Type", "Notification");
    json.writeStringField("MessageId", messageId);
    if (sequenceNumber.isPresent()) {
      json.writeStringField("SequenceNumber", sequenceNumber.get());
    }
    json.writeStringField("TopicArn", topicArn);
    if (content.subject().isPresent()) {
      json.writeStringField("Subject", content.subject().get());
    }
    json.writeStringField("Message", content.body());
    json.writeStringField("Timestamp", timestamp);
    if (signature.isPresent()) {
      json.writeStringField("SignatureVersion", signature.get().version().number());
      json.writeStringField("Signature", signature.get().signature());
      json.writeStringField("SigningCertURL", signature.get().certificateUrl());
    }
    json.writeStringField("UnsubscribeURL", unsubscribeUrl);
    if (!content.attributes().isEmpty()) {
      writeAttributes(json);
    }
    if (isReplayed) {
      json.writeStringField("Replayed", "true");
    }
    json.writeEndObject();
  }

  private void writeAttributes(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("MessageAttributes");
    for (var entry : content.attributes().entrySet()) {
      json.writeFieldName(entry.getKey());
      json.writeRawValue(attribute(entry.getValue()));
    }
    json.writeEndObject();
  }

  private static String attribute(MessageAttribute attribute) {
    return Json.write(
        json -> {
          json.writeStartObject();
          json.writeStringField("Type", attribute.dataType());
          json.writeStringField("Value", value(attribute));
          json.writeEndObject();
        });
  }

  private static String value(MessageAttribute attribute) {
    return switch (attribute) {
      case MessageAttribute.Text text -> text.value();
      case MessageAttribute.Bytes bytes ->
          Base64.getEncoder().encodeToString(bytes.value().asByteArrayUnsafe());
    };
  }
}
