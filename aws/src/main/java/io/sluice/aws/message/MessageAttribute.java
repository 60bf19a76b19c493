package io.sluice.aws.message;

import software.amazon.awssdk.core.SdkBytes;

/** The value of a message attribute, as SQS and SNS have it. */
public sealed interface MessageAttribute {

  /** The data type of an attribute that needs no mention in the record. */
  String STRING = "String";

  /** The data type of bytes without a label. */
  String BINARY = "Binary";

  /** {@code String}, {@code Number} or {@code Binary}, with an optional label after a dot. */
  String dataType();

  /**
   * A value that is text.
   *
   * @param dataType begins with {@code String} or {@code Number}
   * @param value not empty
   */
  record Text(String dataType, String value) implements MessageAttribute {}

  /**
   * A value that is bytes.
   *
   * @param dataType begins with {@code Binary}
   * @param value not empty
   */
  record Bytes(String dataType, SdkBytes value) implements MessageAttribute {}

  /** Plain text. */
  static MessageAttribute string(String value) {
    return new Text(STRING, value);
  }
}
