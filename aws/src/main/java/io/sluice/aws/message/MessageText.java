package io.sluice.aws.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * What SQS takes as text: {@code #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
 * #x10FFFF} (Amazon's "SendMessage").
 */
public final class MessageText {

  private static final char REPLACEMENT = '\uFFFD';

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long SPACES = 0x2020202020202020L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private MessageText() {}

  /** Whether every character of {@code text} is legal, and no surrogate stands alone. */
  public static boolean isLegal(String text) {
    return isLegal(text, text.getBytes(UTF_8));
  }

  /**
   * Whether every character of {@code text} is legal, and no surrogate stands alone.
   *
   * @param utf8 the text as {@link String#getBytes} encodes it
   */
  public static boolean isLegal(String text, byte[] utf8) {
    // A surrogate that stands alone is encoded as a question mark.
    return isPlain(utf8) ? text.equals(new String(utf8, ISO_8859_1)) : isEachLegal(text);
  }

  /**
   * Whether all bytes are printable ASCII, tabs or ends of lines, as in most messages: looks at
   * eight at a time, where a character at a time takes as long as the message's digest.
   */
  private static boolean isPlain(byte[] bytes) {
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(bytes, i);
      // The high bit of what is no ASCII, or smaller than a space (or follows one that is).
      if (((eight | (eight - SPACES)) & HIGH_BITS) != 0 && !isPlain(bytes, i, i + Long.BYTES)) {
        return false;
      }
    }
    return isPlain(bytes, i, bytes.length);
  }

  private static boolean isPlain(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b < ' ' && b != '\t' && b != '\n' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static boolean isEachLegal(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c > '\uFFFD') {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == length || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The bytes as text when they are UTF-8 of legal, non-empty text; otherwise null. */
  static @Nullable String decode(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    if (isPlain(bytes)) {
      return new String(bytes, ISO_8859_1);
    }
    String text = new String(bytes, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(bytes)) {
      return null;
    }
    return isEachLegal(text) ? text : null;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
