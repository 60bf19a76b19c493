package io.sluice.aws;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.aws.ValueType.Listing;
import io.sluice.aws.ValueType.Mapping;
import io.sluice.aws.ValueType.Scalar;
import io.sluice.aws.ValueType.Structure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/** Writes a class of the SDK as a JSON document; members that were never set are left out. */
final class JsonWriter {

  private static final int FIRST_BUFFER_BYTES = 256;

  private JsonWriter() {}

  static byte[] write(Shape shape, Object pojo) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BUFFER_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      members(json, shape, pojo);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An error: its type, its message, then what its shape adds. */
  static byte[] writeError(WireError error) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BUFFER_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("__type", error.shape());
      json.writeStringField("message", error.message());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void members(JsonGenerator json, Shape shape, Object pojo) throws IOException {
    for (Member member : shape.members()) {
      Object value = member.valueIn(pojo);
      if (value != null) {
        json.writeFieldName(member.name());
        value(json, member.type(), value);
      }
    }
  }

  private static void value(JsonGenerator json, ValueType type, Object value) throws IOException {
    switch (type) {
      case Scalar scalar -> scalar(json, scalar, value);
      case Structure structure -> {
        json.writeStartObject();
        members(json, structure.shape().get(), value);
        json.writeEndObject();
      }
      case Listing listing -> {
        json.writeStartArray();
        for (Object element : (List<?>) value) {
          value(json, listing.element(), element);
        }
        json.writeEndArray();
      }
      case Mapping mapping -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          json.writeFieldName((String) entry.getKey());
          value(json, mapping.value(), entry.getValue());
        }
        json.writeEndObject();
      }
    }
  }

  private static void scalar(JsonGenerator json, Scalar type, Object value) throws IOException {
    switch (type) {
      case STRING -> json.writeString((String) value);
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case SHORT, INTEGER, LONG -> json.writeNumber(((Number) value).longValue());
      case FLOAT -> json.writeNumber((Float) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case BIG_DECIMAL -> json.writeNumber((BigDecimal) value);
      case BYTES -> json.writeString(Base64Text.encode((SdkBytes) value));
      case INSTANT -> json.writeNumber(seconds((Instant) value));
    }
  }

  /** Seconds since the epoch, to the millisecond, as Amazon sends them. */
  private static BigDecimal seconds(Instant instant) {
    return BigDecimal.valueOf(instant.toEpochMilli(), 3);
  }
}
