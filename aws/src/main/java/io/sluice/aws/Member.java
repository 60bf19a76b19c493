package io.sluice.aws;

import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * A member of a {@link Shape}.
 *
 * @param name in the model and in JSON
 * @param queryName in the Query protocol and its XML
 * @param required whether a request must have it
 * @param nonEmpty whether an empty string counts as missing
 */
record Member(
    SdkField<?> field,
    SerializedString name,
    String queryName,
    ValueType type,
    boolean required,
    boolean nonEmpty) {

  /** The value in {@code pojo}; null when it was never set. */
  @Nullable Object valueIn(Object pojo) {
    Object value = field.getValueOrDefault(pojo);
    return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap
        ? null
        : value;
  }

  /** Sets the value in a builder. */
  void set(Object builder, Object value) {
    field.set(builder, value);
  }
}
