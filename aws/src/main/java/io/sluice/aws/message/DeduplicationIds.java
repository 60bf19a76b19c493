package io.sluice.aws.message;

import io.sluice.broker.deduplication.Deduplicator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;

/**
 * What makes a message of a FIFO queue or topic the same as another (Amazon's "Using the message
 * deduplication ID in Amazon SQS"), and its place among the others.
 */
public final class DeduplicationIds {

  /** The longest id, in characters. */
  public static final int MAX_LENGTH = 128;

  private static final int SEQUENCE_NUMBER_DIGITS = 20;

  private DeduplicationIds() {}

  /** Whether a client may give this id: 1 to 128 ASCII letters, digits and punctuation marks. */
  public static boolean isLegal(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  /** The id of content-based deduplication: the SHA-256 of the body, in hexadecimal. */
  public static String ofContent(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * The id that a record was sent with; empty for one that was moved, or came through another door.
   */
  public static Optional<String> of(Record record) {
    for (Header header : record.headers()) {
      if (header.key().equals(Deduplicator.ID_HEADER) && header.value() != null) {
        return Optional.of(new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  /** The {@code SequenceNumber} of the record at an offset: its twenty digits, zeros first. */
  public static String sequenceNumber(long offset) {
    String digits = Long.toString(offset);
    return "0".repeat(SEQUENCE_NUMBER_DIGITS - digits.length()) + digits;
  }
}
