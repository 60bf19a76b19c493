package io.sluice.aws.message;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The data types of attributes, and the header that carries those that cannot be guessed. */
public final class AttributeTypes {

  /** The longest data type, label included (Amazon's "Amazon SQS message metadata"). */
  public static final int MAX_LENGTH = 256;

  private AttributeTypes() {}

  /** Whether {@code type} is a data type that SQS and SNS take. */
  public static boolean isLegal(String type) {
    return type.length() <= MAX_LENGTH
        && MessageText.isLegal(type)
        && (isOf("String", type) || isOf("Number", type) || isOf("Binary", type));
  }

  private static boolean isOf(String base, String type) {
    return type.startsWith(base)
        && (type.length() == base.length()
            || (type.charAt(base.length()) == '.' && type.length() > base.length() + 1));
  }

  /** The header's value. */
  static String write(Map<String, String> types) {
    return Json.write(
        json -> {
          json.writeStartObject();
          for (var type : types.entrySet()) {
            json.writeStringField(type.getKey(), type.getValue());
          }
          json.writeEndObject();
        });
  }

  /** What the header says; empty when it is not what {@link #write} writes. */
  static Optional<Map<String, String>> parse(String header) {
    try {
      Map<String, String> types = new HashMap<>();
      for (var field : Json.object(header).entrySet()) {
        if (!(field.getValue() instanceof String type) || !isLegal(type)) {
          return Optional.empty();
        }
        types.put(field.getKey(), type);
      }
      return Optional.of(types);
    } catch (Json.NotJsonException _) {
      return Optional.empty();
    }
  }
}
