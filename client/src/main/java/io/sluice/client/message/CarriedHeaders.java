package io.sluice.client.message;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/** The attribute that carries headers which cannot be attributes themselves: a JSON array. */
final class CarriedHeaders {

  private static final String NAME = "name";
  private static final String VALUE = "value";

  private CarriedHeaders() {}

  static String write(List<Header> headers) {
    try (JsonWriter json = JsonWriter.create()) {
      json.writeStartArray();
      for (Header header : headers) {
        json.writeStartObject().writeFieldName(NAME).writeValue(header.key());
        json.writeFieldName(VALUE);
        if (header.value() == null) {
          json.writeNull();
        } else {
          json.writeValue(Base64.getEncoder().encodeToString(header.value()));
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      return new String(json.getBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** The headers; empty when it is not what {@link #write} writes. */
  static Optional<List<Header>> parse(String attribute) {
    try {
      JsonNode array = JsonNode.parser().parse(attribute);
      if (!array.isArray()) {
        return Optional.empty();
      }
      List<Header> headers = new ArrayList<>();
      for (JsonNode item : array.asArray()) {
        if (!item.isObject() || item.field(NAME).filter(JsonNode::isString).isEmpty()) {
          return Optional.empty();
        }
        byte[] value =
            item.field(VALUE)
                .filter(JsonNode::isString)
                .map(text -> Base64.getDecoder().decode(text.asString()))
                .orElse(null);
        headers.add(new RecordHeader(item.field(NAME).get().asString(), value));
      }
      return Optional.of(headers);
    } catch (RuntimeException e) {
      // Whatever the parser says of what is no JSON, or the decoder of what is no base64.
      return Optional.empty();
    }
  }
}
