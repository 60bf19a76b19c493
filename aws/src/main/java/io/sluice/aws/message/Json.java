package io.sluice.aws.message;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The little JSON that attributes, policies and notifications need. */
public final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Plain ASCII, so that no character in a string can be illegal at SQS. */
  private static final JsonFactory ASCII =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /** The text is not what was asked for; the message says how. */
  public static final class NotJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotJsonException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    /** The message with the line and column, as Amazon's errors quote it. */
    public String messageWithPlace() {
      Throwable cause = getCause();
      return String.valueOf(cause == null ? getMessage() : cause.getMessage());
    }
  }

  /** Writes one value. */
  @FunctionalInterface
  public interface Writing {

    /** Writes to {@code json}. */
    void to(JsonGenerator json) throws IOException;
  }

  /**
   * Reads an object; of a repeated name the last counts.
   *
   * @return values are strings, {@link Boolean}, {@link Number}, lists, maps or null
   * @throws NotJsonException it is no JSON, or no object
   */
  public static Map<String, @Nullable Object> object(String text) throws NotJsonException {
    if (read(text) instanceof Map<?, ?> object) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      object.forEach((name, value) -> fields.put((String) name, value));
      return fields;
    }
    throw new NotJsonException("not a JSON object", null);
  }

  /**
   * Reads a value.
   *
   * @return a string, {@link Boolean}, {@link Number}, list, map or null
   * @throws NotJsonException it is no JSON, or more than one value
   */
  public static @Nullable Object read(String text) throws NotJsonException {
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() == null) {
        throw new NotJsonException("empty", null);
      }
      Object value = value(json);
      if (json.nextToken() != null) {
        throw new NotJsonException("more than one value", null);
      }
      return value;
    } catch (JacksonException e) {
      throw new NotJsonException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a value.
   *
   * @param value what {@link #object} reads
   */
  public static String text(@Nullable Object value) {
    return write(json -> write(json, value));
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Number number -> json.writeNumber(number.toString());
      case List<?> items -> {
        json.writeStartArray();
        for (Object item : items) {
          write(json, item);
        }
        json.writeEndArray();
      }
      case Map<?, ?> fields -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          json.writeFieldName((String) field.getKey());
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON value: " + value);
    }
  }

  /** Writes a value. */
  public static String write(Writing writing) {
    return write(FACTORY, writing);
  }

  /** Writes a value over several lines, laid out as Amazon's messages are. */
  public static String pretty(Writing writing) {
    return write(
        json -> {
          json.setPrettyPrinter(
              new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
          writing.to(json);
        });
  }

  /** Writes a value with every character beyond ASCII escaped. */
  static String writeAscii(Writing writing) {
    return write(ASCII, writing);
  }

  private static String write(JsonFactory factory, Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> objectValue(json);
      case START_ARRAY -> arrayValue(json);
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static Map<String, @Nullable Object> objectValue(JsonParser json) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, value(json));
    }
    return fields;
  }

  private static List<@Nullable Object> arrayValue(JsonParser json) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(json));
    }
    return items;
  }
}
