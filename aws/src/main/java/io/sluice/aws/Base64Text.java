package io.sluice.aws;

import java.util.Base64;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;

/** Binary values as both protocols carry them. */
final class Base64Text {

  private Base64Text() {}

  static SdkBytes decode(String text, Function<String, WireError> error) {
    try {
      return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw error.apply("A binary value is not base64").rejection();
    }
  }

  static String encode(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
  }
}
