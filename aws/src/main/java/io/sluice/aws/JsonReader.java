package io.sluice.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.aws.ValueType.Listing;
import io.sluice.aws.ValueType.Mapping;
import io.sluice.aws.ValueType.Scalar;
import io.sluice.aws.ValueType.Structure;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Reads a JSON document into a class of the SDK. Members that the class does not have are ignored,
 * as Amazon does; a null is a member that is not there.
 */
final class JsonReader {

  /** The end of the year 9999. */
  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

  private JsonReader() {}

  /**
   * Reads a whole document.
   *
   * @throws WireError.RequestRejected it is no JSON object, or a value does not fit its member
   */
  static SdkPojo read(Shape shape, byte[] document) {
    if (document.length == 0) {
      return Shape.build(shape.newBuilder());
    }
    try (JsonParser parser = Json.FACTORY.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw WireError.serialization("The request body must be a JSON object").rejection();
      }
      SdkPojo pojo = structure(parser, shape);
      if (parser.nextToken() != null) {
        throw WireError.serialization("Unexpected data after the end of the JSON object")
            .rejection();
      }
      return pojo;
    } catch (IOException e) {
      throw WireError.serialization("The request body is not well-formed JSON").rejection();
    }
  }

  private static SdkPojo structure(JsonParser parser, Shape shape) throws IOException {
    SdkPojo builder = shape.newBuilder();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      Member member = shape.member(name);
      JsonToken token = parser.nextToken();
      if (member == null) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        member.set(builder, value(parser, member.type()));
      }
    }
    return Shape.build(builder);
  }

  private static Object value(JsonParser parser, ValueType type) throws IOException {
    return switch (type) {
      case Scalar scalar -> scalar(parser, scalar);
      case Structure structure -> {
        expect(parser, JsonToken.START_OBJECT, "structure");
        yield structure(parser, structure.shape().get());
      }
      case Listing listing -> {
        expect(parser, JsonToken.START_ARRAY, "list");
        yield list(parser, listing);
      }
      case Mapping mapping -> {
        expect(parser, JsonToken.START_OBJECT, "map");
        yield map(parser, mapping);
      }
    };
  }

  private static List<Object> list(JsonParser parser, Listing listing) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NULL) {
        elements.add(value(parser, listing.element()));
      }
    }
    return elements;
  }

  private static Map<String, Object> map(JsonParser parser, Mapping mapping) throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    String key;
    while ((key = parser.nextFieldName()) != null) {
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        entries.put(key, value(parser, mapping.value()));
      }
    }
    return entries;
  }

  private static Object scalar(JsonParser parser, Scalar type) throws IOException {
    return switch (type) {
      case STRING -> string(parser, type);
      case BOOLEAN -> bool(parser);
      case BYTES -> bytes(parser);
      case SHORT -> (short) number(parser, type, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> (int) number(parser, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> number(parser, type, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT -> decimal(parser, type).floatValue();
      case DOUBLE -> decimal(parser, type).doubleValue();
      case BIG_DECIMAL -> decimal(parser, type);
      case INSTANT -> instant(parser);
    };
  }

  private static String string(JsonParser parser, Scalar type) throws IOException {
    expect(parser, JsonToken.VALUE_STRING, type.typeName());
    return parser.getText();
  }

  private static Boolean bool(JsonParser parser) {
    if (parser.currentToken() == JsonToken.VALUE_TRUE) {
      return Boolean.TRUE;
    }
    expect(parser, JsonToken.VALUE_FALSE, Scalar.BOOLEAN.typeName());
    return Boolean.FALSE;
  }

  private static SdkBytes bytes(JsonParser parser) throws IOException {
    expect(parser, JsonToken.VALUE_STRING, Scalar.BYTES.typeName());
    return Base64Text.decode(parser.getText(), WireError::serialization);
  }

  /** A fraction is cut off, as Amazon does. */
  private static long number(JsonParser parser, Scalar type, long min, long max)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long number = parser.getLongValue();
      if (number >= min && number <= max) {
        return number;
      }
    } else if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      BigDecimal number = decimal(parser, type);
      if (number.compareTo(BigDecimal.valueOf(min)) >= 0
          && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
        return number.longValue();
      }
    }
    throw WireError.serialization(
            "The number " + shortened(parser.getText()) + " does not fit " + type.typeName())
        .rejection();
  }

  private static BigDecimal decimal(JsonParser parser, Scalar type) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      expect(parser, JsonToken.VALUE_NUMBER_FLOAT, type.typeName());
    }
    return parser.getDecimalValue();
  }

  /** Seconds since the epoch, with a fraction. */
  private static Instant instant(JsonParser parser) throws IOException {
    BigDecimal seconds = decimal(parser, Scalar.INSTANT);
    if (seconds.abs().compareTo(LAST_SECOND) > 0) {
      throw WireError.serialization("The timestamp " + shortened(parser.getText()) + " is too far")
          .rejection();
    }
    long whole = seconds.longValue();
    BigDecimal fraction = seconds.subtract(BigDecimal.valueOf(whole));
    return Instant.ofEpochSecond(whole, fraction.movePointRight(9).longValue());
  }

  private static void expect(JsonParser parser, JsonToken token, String wanted) {
    JsonToken found = parser.currentToken();
    if (found != token) {
      throw WireError.serialization(mismatch(found, wanted)).rejection();
    }
  }

  private static String mismatch(@Nullable JsonToken found, String wanted) {
    return switch (found) {
      case null -> "The request body is not well-formed JSON";
      case START_OBJECT -> "Start of structure or map found where not expected.";
      case START_ARRAY -> "Start of list found where not expected";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER_VALUE cannot be converted to " + wanted;
      case VALUE_TRUE, VALUE_FALSE ->
          found.asString().toUpperCase(java.util.Locale.ROOT)
              + "_VALUE cannot be converted to "
              + wanted;
      default -> "STRING_VALUE cannot be converted to " + wanted;
    };
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
