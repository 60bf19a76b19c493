package io.sluice.client.message;

import java.util.Arrays;

/** The value of a message attribute, with its data type, such as {@code String}. */
public sealed interface Attribute {

  /** The data type of plain text. */
  String STRING = "String";

  /** The data type of bytes. */
  String BINARY = "Binary";

  /** Its data type, with a label if it has one. */
  String dataType();

  /** An attribute of one of the types {@code String} and {@code Number}. */
  record Text(String dataType, String value) implements Attribute {}

  /** An attribute of type {@code Binary}. */
  @SuppressWarnings("ArrayRecordComponent") // compared by what it holds
  record Bytes(String dataType, byte[] value) implements Attribute {

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes
          && dataType.equals(bytes.dataType)
          && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return 31 * dataType.hashCode() + Arrays.hashCode(value);
    }
  }

  /** Plain text. */
  static Attribute text(String value) {
    return new Text(STRING, value);
  }

  /** Bytes. */
  static Attribute bytes(byte[] value) {
    return new Bytes(BINARY, value);
  }
}
