package io.sluice.aws.signature;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The few kinds of DER values that a certificate is made of (ITU-T X.690). */
final class Der {

  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int NULL = 0x05;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0C;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  /** From this year on, a certificate's times have four digits for it (RFC 5280, 4.1.2.5). */
  private static final int FIRST_YEAR_OF_FOUR_DIGITS = 2050;

  private static final DateTimeFormatter TWO_DIGIT_YEAR =
      DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'");
  private static final DateTimeFormatter FOUR_DIGIT_YEAR =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");

  private Der() {}

  static byte[] sequence(byte[]... elements) {
    return tagged(SEQUENCE, concatenated(elements));
  }

  static byte[] set(byte[]... elements) {
    return tagged(SET, concatenated(elements));
  }

  static byte[] integer(BigInteger value) {
    return tagged(INTEGER, value.toByteArray());
  }

  static byte[] nothing() {
    return tagged(NULL, new byte[0]);
  }

  static byte[] text(String value) {
    return tagged(UTF8_STRING, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Whole bytes: none of the last one's bits is left over. */
  static byte[] bits(byte[] value) {
    return tagged(BIT_STRING, concatenated(new byte[] {0}, value));
  }

  /** An object identifier of at least two arcs, in dots. */
  static byte[] identifier(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(40 * Integer.parseInt(arcs[0]) + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      int arc = Integer.parseInt(arcs[i]);
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >>> shift != 0) {
          content.write(0x80 | (arc >>> shift & 0x7F));
        }
      }
      content.write(arc & 0x7F);
    }
    return tagged(OBJECT_IDENTIFIER, content.toByteArray());
  }

  static byte[] time(Instant instant) {
    var time = instant.atOffset(ZoneOffset.UTC);
    return time.getYear() < FIRST_YEAR_OF_FOUR_DIGITS
        ? tagged(UTC_TIME, TWO_DIGIT_YEAR.format(time).getBytes(StandardCharsets.US_ASCII))
        : tagged(
            GENERALIZED_TIME, FOUR_DIGIT_YEAR.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int leadingZero = length[0] == 0 ? 1 : 0;
      bytes.write(0x80 | (length.length - leadingZero));
      bytes.write(length, leadingZero, length.length - leadingZero);
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] concatenated(byte[]... elements) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] element : elements) {
      bytes.writeBytes(element);
    }
    return bytes.toByteArray();
  }
}
