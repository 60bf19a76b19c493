package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One HTTP/1.1 response, read in as many pieces as it comes in: RFC 9112, with {@code
 * Content-Length} or chunks. Chunks are joined in place. Owned by the thread that drives the load.
 */
public final class HttpAnswer {

  private static final int FIRST_BYTES = 4 * 1024;
  private static final int MOST_BYTES = 32 * 1024 * 1024;
  private static final byte[] LENGTH = "content-length:".getBytes(UTF_8);
  private static final byte[] ENCODING = "transfer-encoding:".getBytes(UTF_8);
  private static final int UNKNOWN = -1;
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private byte[] bytes = new byte[FIRST_BYTES];
  private int end;
  private int searched;
  private int bodyStart = UNKNOWN;
  private int bodyEnd;
  private int length = UNKNOWN;
  private boolean chunked;
  private int chunkAt;

  /** Forgets what was read, for the next response. */
  void clear() {
    end = 0;
    searched = 0;
    bodyStart = UNKNOWN;
    length = UNKNOWN;
    chunked = false;
  }

  /** Where the next bytes of the connection go; tell {@link #received} how many. */
  ByteBuffer space() {
    if (end == bytes.length) {
      if (end >= MOST_BYTES) {
        throw new LoadFailedException("an answer is longer than " + MOST_BYTES + " bytes");
      }
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    return ByteBuffer.wrap(bytes, end, bytes.length - end);
  }

  /**
   * Takes note of bytes in {@link #space}.
   *
   * @return whether the response is complete
   * @throws LoadFailedException when it is no response, or more than one
   */
  boolean received(int count) {
    end += count;
    if (bodyStart == UNKNOWN && !readHead()) {
      return false;
    }
    int next = chunked ? joinChunks() : end - bodyStart >= length ? bodyStart + length : UNKNOWN;
    if (next == UNKNOWN) {
      return false;
    }
    if (next != end) {
      throw new LoadFailedException("bytes after the answer: " + text(next, end));
    }
    if (!chunked) {
      bodyEnd = next;
    }
    return true;
  }

  /** The status code, once the head is there. */
  int status() {
    return (int) number(STATUS_AT, 10);
  }

  /** The body as text. */
  public String body() {
    return text(bodyStart, bodyEnd);
  }

  /** How often these bytes are in the body. */
  public int count(byte[] part) {
    int count = 0;
    for (int at = find(part, bodyStart); at >= 0; at = find(part, at + part.length)) {
      count++;
    }
    return count;
  }

  /** Where the body begins, for {@link #find}. */
  int bodyStart() {
    return bodyStart;
  }

  /** Where {@code part} is next in the body, or -1. */
  int find(byte[] part, int from) {
    return find(part, from, bodyEnd);
  }

  /** Where the byte is next in the body, or -1. */
  int find(byte wanted, int from) {
    for (int at = from; at < bodyEnd; at++) {
      if (bytes[at] == wanted) {
        return at;
      }
    }
    return -1;
  }

  /** Copies a part of the response. */
  void copy(int from, int to, ByteBuffer target) {
    target.put(bytes, from, to - from);
  }

  private boolean readHead() {
    for (int at = Math.max(3, searched); at < end; at++) {
      if (bytes[at] == '\n' && bytes[at - 2] == '\n' && bytes[at - 1] == '\r') {
        bodyStart = at + 1;
        chunkAt = bodyStart;
        bodyEnd = bodyStart;
        readFields();
        return true;
      }
    }
    searched = end;
    return false;
  }

  private void readFields() {
    for (int at = 1; at < bodyStart; at++) {
      if (bytes[at - 1] == '\n') {
        if (startsWith(LENGTH, at)) {
          length = (int) number(at + LENGTH.length, 10);
        } else if (startsWith(ENCODING, at)) {
          chunked = true;
        }
      }
    }
    if (length == UNKNOWN && !chunked) {
      throw new LoadFailedException("an answer of no known length: " + text(0, bodyStart));
    }
  }

  /** Where the response ends once its last chunk is there. */
  private int joinChunks() {
    while (true) {
      int line = find(new byte[] {'\n'}, chunkAt, end);
      if (line < 0) {
        return UNKNOWN;
      }
      int size = (int) number(chunkAt, 16);
      int next = line + 1 + size + 2;
      if (next > end) {
        return UNKNOWN;
      }
      if (size == 0) {
        return next;
      }
      System.arraycopy(bytes, line + 1, bytes, bodyEnd, size);
      bodyEnd += size;
      chunkAt = next;
    }
  }

  private boolean startsWith(byte[] lowerCase, int at) {
    for (int index = 0; index < lowerCase.length; index++) {
      if (Character.toLowerCase(bytes[at + index]) != lowerCase[index]) {
        return false;
      }
    }
    return true;
  }

  private long number(int from, int radix) {
    int at = from;
    while (bytes[at] == ' ') {
      at++;
    }
    long number = 0;
    int first = at;
    for (int digit; (digit = Character.digit(bytes[at], radix)) >= 0; at++) {
      number = Math.min(MOST_BYTES, number * radix + digit);
    }
    if (at == first) {
      throw new LoadFailedException("not an answer of HTTP: " + text(0, end));
    }
    return number;
  }

  private int find(byte[] part, int from, int to) {
    byte first = part[0];
    for (int at = from; at <= to - part.length; at++) {
      if (bytes[at] == first && Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, UTF_8);
  }
}
