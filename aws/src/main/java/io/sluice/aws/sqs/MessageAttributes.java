package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.AttributeNames;
import io.sluice.aws.message.AttributeTypes;
import io.sluice.aws.message.MessageAttribute;
import io.sluice.aws.message.MessageText;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** SQS's rules for message attributes (Amazon's "Amazon SQS message metadata"). */
final class MessageAttributes {

  /** Digits of a number. */
  private static final int NUMBER_PRECISION = 38;

  /** A number lies between 10^-128 and 10^126. */
  private static final int NUMBER_MIN_EXPONENT = -128;

  private static final int NUMBER_MAX_EXPONENT = 126;

  private MessageAttributes() {}

  /**
   * The attributes of a message to send.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException one breaks a rule
   */
  static SortedMap<String, MessageAttribute> read(Map<String, MessageAttributeValue> values) {
    if (values.size() > SqsLimits.MESSAGE_ATTRIBUTES) {
      throw SqsErrors.invalidParameterValue(
          "Number of message attributes ["
              + values.size()
              + "] exceeds the allowed maximum ["
              + SqsLimits.MESSAGE_ATTRIBUTES
              + "].");
    }
    SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
    values.forEach((name, value) -> attributes.put(name, read(name, value)));
    return attributes;
  }

  /**
   * Refuses what the model has and the service does not.
   *
   * @param operation what Amazon calls it
   */
  static void checkNoLists(String operation, Map<String, MessageAttributeValue> values) {
    if (values.values().stream()
        .anyMatch(value -> value.hasStringListValues() || value.hasBinaryListValues())) {
      throw SqsErrors.unsupportedOperation(
          "Message attribute list values in " + operation + " operation are not supported.");
    }
  }

  /** Bytes that an attribute counts for in a message's size: name, data type and value. */
  static long size(String name, MessageAttributeValue value) {
    long size = bytes(name) + bytes(value.dataType()) + bytes(value.stringValue());
    return value.binaryValue() == null
        ? size
        : size + value.binaryValue().asByteArrayUnsafe().length;
  }

  private static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(UTF_8).length;
  }

  /** The attributes of a message that was received. */
  static Map<String, MessageAttributeValue> write(SortedMap<String, MessageAttribute> attributes) {
    Map<String, MessageAttributeValue> values = HashMap.newHashMap(attributes.size());
    attributes.forEach(
        (name, attribute) -> {
          var value = MessageAttributeValue.builder().dataType(attribute.dataType());
          switch (attribute) {
            case MessageAttribute.Text text -> value.stringValue(text.value());
            case MessageAttribute.Bytes bytes -> value.binaryValue(bytes.value());
          }
          values.put(name, value.build());
        });
    return values;
  }

  private static MessageAttribute read(String name, MessageAttributeValue value) {
    if (!AttributeNames.isLegal(name)) {
      throw SqsErrors.invalidParameterValue(
          "The message attribute name '"
              + name
              + "' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen"
              + " (-), and period (.) characters.");
    }
    String type = value.dataType();
    if (type == null || type.isEmpty()) {
      throw SqsErrors.invalidParameterValue(
          "The message attribute '" + name + "' must contain non-empty message attribute type.");
    }
    if (!AttributeTypes.isLegal(type)) {
      throw SqsErrors.invalidParameterValue(
          "The type of message (user) attribute '"
              + name
              + "' is invalid. You must use only the following supported type prefixes: Binary,"
              + " Number, String.");
    }
    return type.startsWith(MessageAttribute.BINARY)
        ? binary(name, type, value.stringValue(), value.binaryValue())
        : text(name, type, value.stringValue(), value.binaryValue());
  }

  private static MessageAttribute binary(
      String name, String type, @Nullable String string, @Nullable SdkBytes bytes) {
    if (string != null || bytes == null || bytes.asByteArrayUnsafe().length == 0) {
      throw empty(name, type);
    }
    return new MessageAttribute.Bytes(type, bytes);
  }

  private static MessageAttribute text(
      String name, String type, @Nullable String string, @Nullable SdkBytes bytes) {
    if (bytes != null || string == null || string.isEmpty()) {
      throw empty(name, type);
    }
    if (!MessageText.isLegal(string)) {
      throw SqsErrors.illegalCharacters();
    }
    if (type.startsWith("Number") && !isNumber(string)) {
      throw SqsErrors.invalidParameterValue(
          "Can't cast the value of message (user) attribute '" + name + "' to a number.");
    }
    return new MessageAttribute.Text(type, string);
  }

  private static RuntimeException empty(String name, String type) {
    return SqsErrors.invalidParameterValue(
        "Message (user) attribute '"
            + name
            + "' must contain a non-empty value of type '"
            + (type.startsWith(MessageAttribute.BINARY) ? "Binary" : "String")
            + "'.");
  }

  private static boolean isNumber(String text) {
    if (text.length() > NUMBER_PRECISION + NUMBER_MAX_EXPONENT - NUMBER_MIN_EXPONENT) {
      return false;
    }
    try {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      int exponent = number.precision() - number.scale() - 1;
      return number.signum() == 0
          || (number.precision() <= NUMBER_PRECISION
              && exponent >= NUMBER_MIN_EXPONENT
              && exponent <= NUMBER_MAX_EXPONENT);
    } catch (NumberFormatException | ArithmeticException _) {
      return false;
    }
  }
}
