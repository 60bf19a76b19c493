package io.sluice.aws.message;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The attribute that carries the headers which cannot be attributes themselves. */
final class CarriedHeaders {

  private static final String NAME = "name";
  private static final String VALUE = "value";

  private CarriedHeaders() {}

  static String write(List<Header> headers) {
    return Json.writeAscii(
        json -> {
          json.writeStartArray();
          for (Header header : headers) {
            json.writeStartObject();
            json.writeStringField(NAME, header.key());
            if (header.value() == null) {
              json.writeNullField(VALUE);
            } else {
              json.writeStringField(VALUE, Base64.getEncoder().encodeToString(header.value()));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The headers; empty when it is not what {@link #write} writes. */
  static Optional<List<Header>> parse(String attribute) {
    try {
      if (!(Json.read(attribute) instanceof List<?> items)) {
        return Optional.empty();
      }
      List<Header> headers = new ArrayList<>(items.size());
      for (Object item : items) {
        if (!(item instanceof Map<?, ?> fields) || !(fields.get(NAME) instanceof String name)) {
          return Optional.empty();
        }
        byte[] value =
            fields.get(VALUE) instanceof String text ? Base64.getDecoder().decode(text) : null;
        headers.add(new RecordHeader(name, value));
      }
      return Optional.of(headers);
    } catch (Json.NotJsonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
