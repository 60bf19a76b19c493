package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.AttributeNames;
import io.sluice.aws.message.AttributeTypes;
import io.sluice.aws.message.MessageAttribute;
import io.sluice.aws.message.MessageText;
import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/** SNS's rules for message attributes (Amazon's "Amazon SNS message attributes"). */
final class SnsMessageAttributes {

  /** Longer than any number that fits a message attribute's 38 digits and its exponent. */
  private static final int NUMBER_LENGTH = 256;

  private SnsMessageAttributes() {}

  /**
   * The attributes of a message to publish.
   *
   * @param path where they are in the request, for the error about a missing data type
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException one breaks a rule
   */
  static SortedMap<String, MessageAttribute> read(
      String path, Map<String, MessageAttributeValue> values) {
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          checkName(name);
          if (value.dataType() == null) {
            throw SnsErrors.missingMember(path + "." + name + ".member.dataType");
          }
          attributes.put(
              name, read(name, value.dataType(), value.stringValue(), value.binaryValue()));
        });
    return attributes;
  }

  /** Bytes that attributes count for in a message's size: names, data types and values. */
  static long size(Map<String, MessageAttributeValue> values) {
    long size = 0;
    for (var entry : values.entrySet()) {
      MessageAttributeValue value = entry.getValue();
      size += bytes(entry.getKey()) + bytes(value.dataType()) + bytes(value.stringValue());
      size += value.binaryValue() == null ? 0 : value.binaryValue().asByteArrayUnsafe().length;
    }
    return size;
  }

  private static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(UTF_8).length;
  }

  private static void checkName(String name) {
    if (name.length() > AttributeNames.MAX_LENGTH) {
      throw SnsErrors.invalidAttribute(
          "Length of message attribute name must be less than 256 bytes.");
    }
    if (name.startsWith(".")) {
      throw SnsErrors.invalidAttribute(
          "Invalid message attribute name starting with character '.' was found.");
    }
    if (name.endsWith(".")) {
      throw SnsErrors.invalidAttribute(
          "Invalid message attribute name ending with character '.' was found.");
    }
    name.chars()
        .filter(c -> c > '~' || !(c == '.' || AttributeNames.isLegal(String.valueOf((char) c))))
        .findFirst()
        .ifPresent(
            c -> {
              throw SnsErrors.invalidAttribute(
                  "Invalid non-alphanumeric character '#x"
                      + Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT)
                      + "' was found in the message attribute name. Can only include alphanumeric"
                      + " characters, hyphens, underscores, or dots.");
            });
    if (name.contains("..")) {
      throw SnsErrors.invalidAttribute(
          "Message attribute name can not have successive '.' character.");
    }
    if (!AttributeNames.isLegal(name)) {
      throw SnsErrors.invalidAttribute(
          "The message attribute name '" + name + "' is empty, or begins with AWS. or Amazon.");
    }
  }

  private static MessageAttribute read(
      String name, String type, @Nullable String string, @Nullable SdkBytes bytes) {
    if (!AttributeTypes.isLegal(type)) {
      throw SnsErrors.invalidAttribute(
          "The message attribute '"
              + name
              + "' has an invalid message attribute type, the set of supported type prefixes is"
              + " Binary, Number, and String.");
    }
    boolean binary = type.startsWith(MessageAttribute.BINARY);
    if (string == null && bytes == null) {
      throw empty(name, type);
    }
    if (binary ? bytes == null : string == null) {
      throw SnsErrors.invalidAttribute(
          "The message attribute '"
              + name
              + "' with type '"
              + type
              + "' must use field '"
              + (binary ? "Binary" : "String")
              + "'.");
    }
    return binary ? binary(name, type, bytes) : text(name, type, string);
  }

  private static MessageAttribute binary(String name, String type, @Nullable SdkBytes bytes) {
    if (bytes == null || bytes.asByteArrayUnsafe().length == 0) {
      throw empty(name, type);
    }
    return new MessageAttribute.Bytes(type, bytes);
  }

  private static MessageAttribute text(String name, String type, @Nullable String string) {
    if (string == null || string.isEmpty()) {
      throw empty(name, type);
    }
    if (!MessageText.isLegal(string)) {
      throw SnsErrors.invalidAttribute(
          "The message attribute '" + name + "' contains characters that are not legal text.");
    }
    if (type.startsWith("Number") && !isNumber(string)) {
      throw SnsErrors.invalidAttribute(
          "Could not cast message attribute '" + name + "' value to number.");
    }
    return new MessageAttribute.Text(type, string);
  }

  private static RuntimeException empty(String name, String type) {
    return SnsErrors.invalidAttribute(
        "The message attribute '"
            + name
            + "' must contain non-empty message attribute value for message attribute type '"
            + type
            + "'.");
  }

  private static boolean isNumber(String text) {
    if (text.length() > NUMBER_LENGTH) {
      return false;
    }
    try {
      new BigDecimal(text);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
