package io.sluice.aws;

import java.util.function.Supplier;

/** The type of a member's value, from the SDK's metadata. */
sealed interface ValueType {

  /** A value without parts. */
  enum Scalar implements ValueType {
    STRING("String"),
    SHORT("Short"),
    INTEGER("Integer"),
    LONG("Long"),
    FLOAT("Float"),
    DOUBLE("Double"),
    BIG_DECIMAL("BigDecimal"),
    BOOLEAN("Boolean"),
    INSTANT("Timestamp"),
    BYTES("Blob");

    private final String typeName;

    Scalar(String typeName) {
      this.typeName = typeName;
    }

    /** As an error message names it. */
    String typeName() {
      return typeName;
    }
  }

  /**
   * A list.
   *
   * @param elementName the XML element of each, unless the list is flattened into its parent
   */
  record Listing(ValueType element, String elementName, boolean flattened) implements ValueType {}

  /** A map with strings as keys; the names are those of the Query protocol and its XML. */
  record Mapping(ValueType value, String keyName, String valueName, boolean flattened)
      implements ValueType {}

  /** A structure; its shape is looked up on use, because shapes may contain themselves. */
  record Structure(Supplier<Shape> shape) implements ValueType {}
}
