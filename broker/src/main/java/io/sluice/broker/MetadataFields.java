package io.sluice.broker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object in the metadata journal, in any order. Each is taken once; one that
 * is missing, of another kind, or left over is an {@link IllegalArgumentException}, for to guess
 * would lose state. For use by one thread.
 */
final class MetadataFields {

  /** What is not taken yet: strings, longs, booleans, objects and lists of them. */
  private final Map<String, Object> values = new LinkedHashMap<>();

  private MetadataFields() {}

  /** Reads the object that comes next. */
  static MetadataFields read(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return fields(json);
  }

  private static MetadataFields fields(JsonParser json) throws IOException {
    MetadataFields fields = new MetadataFields();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (fields.values.put(name, value(json)) != null) {
        throw new IllegalArgumentException("field " + name + " is there twice");
      }
    }
    return fields;
  }

  private static Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    return switch (token) {
      case START_OBJECT -> fields(json);
      case START_ARRAY -> items(json);
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new IllegalArgumentException(token + " for field " + json.currentName());
    };
  }

  private static List<Object> items(JsonParser json) throws IOException {
    List<Object> items = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(json));
    }
    return items;
  }

  String text(String name) {
    return take(name, String.class);
  }

  /** The same of one that may be missing, such as one that older versions did not write. */
  Optional<String> optionalText(String name) {
    return values.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
  }

  long number(String name) {
    return take(name, Long.class);
  }

  boolean bool(String name) {
    return take(name, Boolean.class);
  }

  byte[] bytes(String name) {
    return Base64.getDecoder().decode(text(name));
  }

  /** An object whose fields are texts, by names of anybody's choice. */
  SortedMap<String, String> texts(String name) {
    MetadataFields fields = take(name, MetadataFields.class);
    SortedMap<String, String> texts = new TreeMap<>();
    fields.values.forEach((key, value) -> texts.put(key, cast(key, value, String.class)));
    return texts;
  }

  /** An object with fields of its own, all of which {@code read} takes. */
  <T> T object(String name, Function<MetadataFields, T> read) {
    MetadataFields fields = take(name, MetadataFields.class);
    T object = read.apply(fields);
    fields.end();
    return object;
  }

  /** The same of one that may be missing, such as one that older versions did not write. */
  <T> Optional<T> optionalObject(String name, Function<MetadataFields, T> read) {
    return values.containsKey(name) ? Optional.of(object(name, read)) : Optional.empty();
  }

  /**
   * A list of objects, all of whose fields {@code read} takes; empty when there is no such field.
   */
  <T> List<T> objects(String name, Function<MetadataFields, T> read) {
    if (!values.containsKey(name)) {
      return List.of();
    }
    List<T> objects = new ArrayList<>();
    for (Object item : list(name)) {
      MetadataFields fields = cast(name, item, MetadataFields.class);
      objects.add(read.apply(fields));
      fields.end();
    }
    return List.copyOf(objects);
  }

  /** A list of numbers. */
  List<Long> numbers(String name) {
    List<Long> numbers = new ArrayList<>();
    for (Object item : list(name)) {
      numbers.add(cast(name, item, Long.class));
    }
    return List.copyOf(numbers);
  }

  private List<?> list(String name) {
    return take(name, List.class);
  }

  /** Says that no more fields are known. */
  void end() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown fields " + values.keySet());
    }
  }

  private <T> T take(String name, Class<T> kind) {
    return cast(name, values.remove(name), kind);
  }

  private static <T> T cast(String name, @Nullable Object value, Class<T> kind) {
    if (!kind.isInstance(value)) {
      throw new IllegalArgumentException(
          "field " + name + (value == null ? " is missing" : " is no " + kind.getSimpleName()));
    }
    return kind.cast(value);
  }
}
