package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.Json;
import io.sluice.aws.message.MessageText;
import io.sluice.aws.message.RecordMapping;
import io.sluice.broker.NewRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What each protocol gets of a message: the same, unless {@code MessageStructure} is {@code json}
 * (Amazon's "Publish"). A record's value is what queues get; headers beside it say where another
 * protocol gets something else, so that one append serves all.
 */
record MessageBodies(String sqs, String http, String https) {

  /** The bodies that a request gives. */
  static MessageBodies of(String message, @Nullable String structure) {
    if (structure == null || structure.isEmpty()) {
      return new MessageBodies(message, message, message);
    }
    if (!structure.equals("json")) {
      throw SnsErrors.invalidParameter("MessageStructure");
    }
    Map<String, @Nullable Object> bodies;
    try {
      bodies = Json.object(message);
    } catch (Json.NotJsonException _) {
      throw SnsErrors.invalidParameter("Message Structure - JSON message body failed to parse");
    }
    if (!(bodies.get("default") instanceof String fallback)) {
      throw SnsErrors.invalidParameter("Message Structure - No default entry in JSON message body");
    }
    MessageBodies chosen =
        new MessageBodies(
            body(bodies, SubscriptionActions.PROTOCOL, fallback),
            body(bodies, HttpSubscription.HTTP, fallback),
            body(bodies, HttpSubscription.HTTPS, fallback));
    if (chosen.sqs.isEmpty()) {
      throw SnsErrors.invalidParameter("Empty message");
    }
    return chosen;
  }

  private static String body(
      Map<String, @Nullable Object> bodies, String protocol, String fallback) {
    return bodies.get(protocol) instanceof String own ? own : fallback;
  }

  boolean areLegal() {
    return MessageText.isLegal(sqs) && MessageText.isLegal(http) && MessageText.isLegal(https);
  }

  /** The record of the body for queues, with the others beside it where they differ. */
  NewRecord withOthers(NewRecord record) {
    if (http.equals(sqs) && https.equals(sqs)) {
      return record;
    }
    List<Header> headers = new ArrayList<>(record.headers());
    if (!http.equals(sqs)) {
      headers.add(new RecordHeader(RecordMapping.HTTP_BODY, http.getBytes(UTF_8)));
    }
    if (!https.equals(sqs)) {
      headers.add(new RecordHeader(RecordMapping.HTTPS_BODY, https.getBytes(UTF_8)));
    }
    return new NewRecord(record.key(), record.value(), headers);
  }

  /** What a protocol gets of a record, if that is not its value. */
  static byte @Nullable [] other(Record record, String protocol) {
    String name =
        protocol.equals(HttpSubscription.HTTP) ? RecordMapping.HTTP_BODY : RecordMapping.HTTPS_BODY;
    for (Header header : record.headers()) {
      if (header.key().equals(name)) {
        return header.value();
      }
    }
    return null;
  }

  /** The bytes that a protocol gets of a record; none of one without a value, as Kafka writes. */
  static byte[] bytes(Record record, String protocol) {
    byte[] other = other(record, protocol);
    byte[] value = other == null ? Utils.toNullableArray(record.value()) : other;
    return value == null ? new byte[0] : value;
  }
}
