package io.sluice.client.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/**
 * Where a payload is, as amazon-sqs-java-extended-client-lib and its siblings write it into the
 * body of a message.
 *
 * @param bucket of S3
 * @param key of the object in it
 */
public record S3Pointer(String bucket, String key) {

  private static final String CLASS = "software.amazon.payloadoffloading.PayloadS3Pointer";

  /** What the libraries before 2.0 wrote. */
  private static final String OLD_CLASS = "com.amazon.sqs.javamessaging.MessageS3Pointer";

  private static final String BUCKET = "s3BucketName";
  private static final String KEY = "s3Key";

  /** The body of the message. */
  String write() {
    try (JsonWriter json = JsonWriter.create()) {
      json.writeStartArray().writeValue(CLASS).writeStartObject();
      json.writeFieldName(BUCKET).writeValue(bucket);
      json.writeFieldName(KEY).writeValue(key);
      json.writeEndObject().writeEndArray();
      return new String(json.getBytes(), UTF_8);
    }
  }

  /** The pointer that a body is; empty when it is none. */
  static Optional<S3Pointer> parse(String body) {
    try {
      JsonNode node = JsonNode.parser().parse(body);
      List<JsonNode> parts = node.isArray() ? node.asArray() : List.of();
      if (parts.size() != 2
          || !parts.get(0).isString()
          || !List.of(CLASS, OLD_CLASS).contains(parts.get(0).asString())) {
        return Optional.empty();
      }
      JsonNode pointer = parts.get(1);
      return Optional.of(
          new S3Pointer(
              pointer.field(BUCKET).orElseThrow().asString(),
              pointer.field(KEY).orElseThrow().asString()));
    } catch (RuntimeException e) {
      // Whatever the parser says of what is no JSON, or the node of what is no text.
      return Optional.empty();
    }
  }
}
