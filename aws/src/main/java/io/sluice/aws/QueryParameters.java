package io.sluice.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Parses {@code application/x-www-form-urlencoded} bytes, as they come in a body or behind a URL's
 * question mark. Bytes that are no UTF-8 are refused, never replaced.
 */
final class QueryParameters {

  private final byte[] bytes;
  private final byte[] decoded;
  private final QueryNode root;
  private int position;
  private int count;

  private QueryParameters(byte[] bytes, QueryNode root) {
    this.bytes = bytes;
    this.decoded = new byte[bytes.length];
    this.root = root;
  }

  /**
   * Adds the parameters to a tree; of two with one name the latter counts.
   *
   * @throws WireError.RequestRejected a broken escape, or too many parameters
   */
  static void parse(byte[] bytes, QueryNode into) {
    new QueryParameters(bytes, into).parse();
  }

  private void parse() {
    while (position < bytes.length) {
      String name = next('=');
      boolean hasValue = position > 0 && bytes[position - 1] == '=';
      String value = hasValue ? next('&') : "";
      if (name.isEmpty()) {
        continue;
      }
      if (++count > HttpLimits.MAX_QUERY_PARAMETERS) {
        throw malformed("The request has too many parameters");
      }
      node(name).value(value);
    }
  }

  private QueryNode node(String name) {
    QueryNode node = root;
    int start = 0;
    for (int depth = 0; depth < HttpLimits.MAX_QUERY_DEPTH; depth++) {
      int dot = name.indexOf('.', start);
      if (dot < 0) {
        return node.childOrNew(name.substring(start));
      }
      node = node.childOrNew(name.substring(start, dot));
      start = dot + 1;
    }
    throw malformed("The name of a parameter has too many dots");
  }

  /** Decodes up to {@code end}, or to the end of the parameter; steps over the one that it met. */
  private String next(char end) {
    int length = 0;
    boolean ascii = true;
    while (position < bytes.length) {
      byte b = bytes[position++];
      if (b == end || b == '&') {
        break;
      }
      if (b == '+') {
        b = ' ';
      } else if (b == '%') {
        b = escaped();
      }
      ascii &= b >= 0;
      decoded[length++] = b;
    }
    return ascii ? new String(decoded, 0, length, ISO_8859_1) : utf8(length);
  }

  private byte escaped() {
    if (position + 2 <= bytes.length) {
      int high = Character.digit(bytes[position], 16);
      int low = Character.digit(bytes[position + 1], 16);
      if (high >= 0 && low >= 0) {
        position += 2;
        return (byte) (high << 4 | low);
      }
    }
    throw malformed("A percent sign is not followed by two hexadecimal digits");
  }

  private String utf8(int length) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("A parameter is not UTF-8");
    }
  }

  private static WireError.RequestRejected malformed(String message) {
    return WireError.malformedQueryString(message).rejection();
  }
}
