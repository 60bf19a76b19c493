package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.MessageAttribute;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** The digests by which a client checks what it sent and received. */
final class Md5 {

  private static final byte TEXT = 1;
  private static final byte BYTES = 2;

  private Md5() {}

  static String of(String text) {
    return of(text.getBytes(UTF_8));
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /**
   * The digest of attributes, sorted by name: of each, the length (four bytes, big-endian) and the
   * bytes of name, data type and value, with one byte before the value that tells text from binary
   * (Amazon's "Calculating the MD5 message digest for message attributes").
   */
  static String of(SortedMap<String, MessageAttribute> attributes) {
    MessageDigest digest = digest();
    attributes.forEach(
        (name, attribute) -> {
          update(digest, name.getBytes(UTF_8));
          update(digest, attribute.dataType().getBytes(UTF_8));
          switch (attribute) {
            case MessageAttribute.Text text -> {
              digest.update(TEXT);
              update(digest, text.value().getBytes(UTF_8));
            }
            case MessageAttribute.Bytes bytes -> {
              digest.update(BYTES);
              update(digest, bytes.value().asByteArrayUnsafe());
            }
          }
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has MD5", e);
    }
  }
}
