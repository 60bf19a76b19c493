package io.sluice.broker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/** {@link MessageOrigin} as JSON. Safe for use by many threads. */
final class MessageOriginCodec {

  private static final JsonFactory JSON = new JsonFactory();

  /** A longer attribute of a source says what it brings, such as a filter, not how it looks. */
  private static final int ATTRIBUTE_CHARACTERS = 256;

  private MessageOriginCodec() {}

  static byte[] encode(MessageOrigin origin) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("topicId", origin.position().topicId().toString());
      json.writeNumberField("partition", origin.position().partition());
      json.writeNumberField("offset", origin.position().offset());
      json.writeStringField("sentAt", origin.sentAt().toString());
      if (origin.source().isPresent()) {
        json.writeObjectFieldStart("source");
        MetadataCodec.write(json, withoutLargeAttributes(origin.source().get()));
        json.writeEndObject();
      }
      if (origin.deadLetter().isPresent()) {
        MessageOrigin.DeadLetter deadLetter = origin.deadLetter().get();
        json.writeObjectFieldStart("deadLetter");
        json.writeStringField("queue", deadLetter.queue());
        json.writeNumberField("receiveCount", deadLetter.receiveCount());
        json.writeStringField("firstReceivedAt", deadLetter.firstReceivedAt().toString());
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Source withoutLargeAttributes(Source source) {
    TreeMap<String, String> attributes = new TreeMap<>(source.attributes());
    attributes.values().removeIf(value -> value.length() > ATTRIBUTE_CHARACTERS);
    return new Source(
        source.id(),
        source.topic(),
        source.topicId(),
        source.queue(),
        source.queueId(),
        attributes,
        source.createdAt());
  }

  /** Empty when it is something else: anybody may write headers. */
  static Optional<MessageOrigin> decode(byte[] bytes) {
    try (JsonParser json = JSON.createParser(bytes)) {
      MetadataFields fields = MetadataFields.read(json);
      MessageOrigin origin = origin(fields);
      fields.end();
      return Optional.of(origin);
    } catch (IOException | IllegalArgumentException | ArithmeticException | DateTimeException _) {
      return Optional.empty();
    }
  }

  private static MessageOrigin origin(MetadataFields fields) {
    int partition = Math.toIntExact(fields.number("partition"));
    long offset = fields.number("offset");
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException("no position");
    }
    return new MessageOrigin(
        new RecordPosition(Uuid.fromString(fields.text("topicId")), partition, offset),
        Instant.parse(fields.text("sentAt")),
        fields.optionalObject("source", MetadataCodec::source),
        fields.optionalObject("deadLetter", MessageOriginCodec::deadLetter));
  }

  private static MessageOrigin.DeadLetter deadLetter(MetadataFields fields) {
    return new MessageOrigin.DeadLetter(
        fields.text("queue"),
        Math.toIntExact(fields.number("receiveCount")),
        Instant.parse(fields.text("firstReceivedAt")));
  }
}
