package io.sluice.aws;

import io.sluice.aws.ValueType.Listing;
import io.sluice.aws.ValueType.Mapping;
import io.sluice.aws.ValueType.Scalar;
import io.sluice.aws.ValueType.Structure;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Reads the parameters of a Query request into a class of the SDK ("Making API requests using the
 * AWS Query protocol"). Parameters that the class does not have are ignored.
 */
final class QueryReader {

  private QueryReader() {}

  /**
   * Reads a structure.
   *
   * @throws WireError.RequestRejected a value does not fit its member
   */
  static SdkPojo read(Shape shape, QueryNode node) {
    SdkPojo builder = shape.newBuilder();
    for (Map.Entry<String, Member> name : shape.queryMembers().entrySet()) {
      QueryNode child = node.child(name.getKey());
      if (child != null) {
        Object value = value(name.getValue().type(), child);
        if (value != null) {
          name.getValue().set(builder, value);
        }
      }
    }
    return Shape.build(builder);
  }

  private static @Nullable Object value(ValueType type, QueryNode node) {
    return switch (type) {
      case Scalar scalar -> {
        if (!node.isLeaf()) {
          throw malformed("Start of structure or list found where not expected");
        }
        yield scalar(scalar, node.value());
      }
      case Structure structure -> read(structure.shape().get(), node);
      case Listing listing -> list(listing, node);
      case Mapping mapping -> map(mapping, node);
    };
  }

  /** {@code X.1} or {@code X.member.1}; SQS takes a lone {@code X} too, SDKs say empty by it. */
  private static List<Object> list(Listing listing, QueryNode node) {
    List<Object> elements = new ArrayList<>();
    if (node.isLeaf()) {
      if (!node.value().isEmpty()) {
        add(listing.element(), node, elements);
      }
      return elements;
    }
    QueryNode wrapper = node.child(listing.elementName());
    for (QueryNode element : (wrapper == null ? node : wrapper).indexed().values()) {
      add(listing.element(), element, elements);
    }
    return elements;
  }

  private static void add(ValueType type, QueryNode node, List<Object> elements) {
    Object value = value(type, node);
    if (value != null) {
      elements.add(value);
    }
  }

  /** {@code X.1.Name} and {@code X.1.Value}, or the same behind {@code X.entry}. */
  private static @Nullable Map<String, Object> map(Mapping mapping, QueryNode node) {
    if (node.isLeaf()) {
      return null;
    }
    QueryNode wrapper = node.child("entry");
    Map<String, Object> entries = new LinkedHashMap<>();
    for (QueryNode entry : (wrapper == null ? node : wrapper).indexed().values()) {
      String key = entry.parameter(mapping.keyName());
      QueryNode value = entry.child(mapping.valueName());
      if (key == null) {
        throw malformed("A map entry has no " + mapping.keyName());
      }
      Object read = value == null ? null : value(mapping.value(), value);
      if (read != null) {
        entries.put(key, read);
      }
    }
    return entries;
  }

  private static Object scalar(Scalar type, String text) {
    try {
      return switch (type) {
        case STRING -> text;
        case BYTES -> Base64Text.decode(text, WireError::malformedInput);
        case BOOLEAN -> bool(text);
        case SHORT -> Short.valueOf(text);
        case INTEGER -> Integer.valueOf(text);
        case LONG -> Long.valueOf(text);
        case FLOAT -> Float.valueOf(text);
        case DOUBLE -> Double.valueOf(text);
        case BIG_DECIMAL -> new BigDecimal(text);
        case INSTANT -> DateTimeFormatter.ISO_DATE_TIME.parse(text, Instant::from);
      };
    } catch (NumberFormatException | DateTimeException e) {
      throw malformed("'" + text + "' is not a valid " + type.typeName());
    }
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw malformed("'" + text + "' is not a valid Boolean");
    };
  }

  private static WireError.RequestRejected malformed(String message) {
    return WireError.malformedInput(message).rejection();
  }
}
