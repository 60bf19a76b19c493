package io.sluice.client.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What SNS and SQS take as text: {@code #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD |
 * #x10000 to #x10FFFF} (Amazon's "SendMessage").
 */
final class MessageText {

  private static final char REPLACEMENT = '\uFFFD';

  private MessageText() {}

  /** The bytes as text when they are UTF-8 of legal, non-empty text; otherwise null. */
  static @Nullable String decode(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    if (isPrintableAscii(bytes)) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean isReplaced = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLegal(c)) {
        return null;
      }
      isReplaced |= c == REPLACEMENT;
    }
    // Which may stand there itself, or for bytes that are no UTF-8.
    return isReplaced && !isUtf8(bytes) ? null : text;
  }

  /** Without a way out in the midst of it, so that many bytes are looked at in one step. */
  private static boolean isPrintableAscii(byte[] bytes) {
    int differences = 0;
    for (byte each : bytes) {
      differences |= each - ' ';
    }
    // Of one that is smaller, or of another alphabet and so negative, the difference is negative.
    return differences >= 0;
  }

  /** Of a character, or of the half of one. */
  private static boolean isLegal(char c) {
    return c >= ' ' ? c < 0xFFFE : c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * Whether it may be a {@code MessageGroupId} or a {@code MessageDeduplicationId}: up to 128
   * letters, digits and punctuation (Amazon's "SendMessage").
   */
  static boolean isId(String text) {
    if (text.isEmpty() || text.length() > 128) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }
}
