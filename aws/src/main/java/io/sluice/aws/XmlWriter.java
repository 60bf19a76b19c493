package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.ValueType.Listing;
import io.sluice.aws.ValueType.Mapping;
import io.sluice.aws.ValueType.Scalar;
import io.sluice.aws.ValueType.Structure;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Writes the answers of the Query protocol. A character that XML 1.0 cannot carry, not even
 * escaped, becomes U+FFFD: anything else would make the whole answer unreadable.
 */
final class XmlWriter {

  private static final String DECLARATION = "<?xml version=\"1.0\"?>";
  private static final int FIRST_BUFFER_CHARS = 512;

  private final StringBuilder xml = new StringBuilder(FIRST_BUFFER_CHARS).append(DECLARATION);

  private XmlWriter() {}

  /**
   * The answer to {@code operation}.
   *
   * @param hasResult whether there is a result element
   */
  static byte[] write(
      String operation,
      String namespace,
      boolean hasResult,
      Shape shape,
      Object pojo,
      String requestId) {
    XmlWriter writer = new XmlWriter();
    writer.openRoot(operation + "Response", namespace);
    if (hasResult) {
      writer.open(operation + "Result");
      writer.members(shape, pojo);
      writer.close(operation + "Result");
    }
    writer.open("ResponseMetadata");
    writer.element("RequestId", requestId);
    writer.close("ResponseMetadata");
    writer.close(operation + "Response");
    return writer.bytes();
  }

  /** An error; SQS alone has an empty Detail in it. */
  static byte[] writeError(WireError error, String namespace, boolean hasDetail, String requestId) {
    XmlWriter writer = new XmlWriter();
    writer.openRoot("ErrorResponse", namespace);
    writer.open("Error");
    writer.element("Type", error.isSenderFault() ? "Sender" : "Receiver");
    writer.element("Code", error.code());
    writer.element("Message", error.message());
    if (hasDetail) {
      writer.xml.append("<Detail/>");
    }
    writer.close("Error");
    writer.element("RequestId", requestId);
    writer.close("ErrorResponse");
    return writer.bytes();
  }

  /** A document of one empty element. */
  static byte[] writeEmpty(String name) {
    return (DECLARATION + "<" + name + "/>").getBytes(UTF_8);
  }

  private void members(Shape shape, Object pojo) {
    for (Member member : shape.members()) {
      Object value = member.valueIn(pojo);
      if (value != null) {
        member(member.queryName(), member.type(), value);
      }
    }
  }

  private void member(String name, ValueType type, Object value) {
    switch (type) {
      case Listing listing when listing.flattened() -> elements(name, listing, (List<?>) value);
      case Mapping mapping when mapping.flattened() -> entries(name, mapping, (Map<?, ?>) value);
      case Listing listing -> {
        open(name);
        elements(listing.elementName(), listing, (List<?>) value);
        close(name);
      }
      case Mapping mapping -> {
        open(name);
        entries("entry", mapping, (Map<?, ?>) value);
        close(name);
      }
      case Structure structure -> {
        open(name);
        members(structure.shape().get(), value);
        close(name);
      }
      case Scalar scalar -> element(name, text(scalar, value));
    }
  }

  private void elements(String name, Listing listing, List<?> elements) {
    for (Object element : elements) {
      member(name, listing.element(), element);
    }
  }

  private void entries(String name, Mapping mapping, Map<?, ?> entries) {
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      open(name);
      element(mapping.keyName(), (String) entry.getKey());
      member(mapping.valueName(), mapping.value(), entry.getValue());
      close(name);
    }
  }

  private static String text(Scalar type, Object value) {
    return switch (type) {
      case BYTES -> Base64Text.encode((SdkBytes) value);
      case INSTANT -> DateTimeFormatter.ISO_INSTANT.format((Instant) value);
      case STRING, BOOLEAN, SHORT, INTEGER, LONG, FLOAT, DOUBLE, BIG_DECIMAL -> value.toString();
    };
  }

  private void openRoot(String name, String namespace) {
    xml.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
  }

  private void open(String name) {
    xml.append('<').append(name).append('>');
  }

  private void close(String name) {
    xml.append("</").append(name).append('>');
  }

  private void element(String name, String text) {
    open(name);
    escaped(text);
    close(name);
  }

  /** A carriage return is escaped because a parser would turn it into a line feed. */
  private void escaped(String text) {
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String replacement =
          switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\r' -> "&#xD;";
            default -> isLegal(text, i) ? "" : "\uFFFD";
          };
      if (!replacement.isEmpty()) {
        xml.append(text, written, i).append(replacement);
        written = i + 1;
      }
    }
    xml.append(text, written, text.length());
  }

  /** XML 1.0, production 2 ("Char"). */
  private static boolean isLegal(String text, int i) {
    char c = text.charAt(i);
    if (c < ' ') {
      return c == '\t' || c == '\n';
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c < '\uFFFE';
  }

  private byte[] bytes() {
    return xml.toString().getBytes(UTF_8);
  }
}
