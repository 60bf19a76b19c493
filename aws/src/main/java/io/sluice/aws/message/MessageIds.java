package io.sluice.aws.message;

import io.sluice.broker.RecordPosition;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * Message ids: a record's position as a UUID of version 8 (RFC 9562, "custom"), so that an id finds
 * its record. From the most significant bit on:
 *
 * <pre>
 * 48 bits  the topic id's first 48
 *  4 bits  the version, 8
 *  6 bits  the topic id's last 6
 *  6 bits  the partition, high
 *  2 bits  the variant, binary 10
 * 14 bits  the partition, low
 * 48 bits  the offset
 * </pre>
 */
public final class MessageIds {

  /** One past the greatest partition an id has room for. */
  static final int PARTITIONS = 1 << 20;

  /** One past the greatest offset an id has room for: at a million a second, nine years. */
  static final long OFFSETS = 1L << 48;

  private static final int VERSION = 8;

  private MessageIds() {}

  /**
   * What an id tells.
   *
   * @param topic 54 bits of the topic's id
   * @param partition the partition's index
   * @param offset the offset in the partition
   */
  public record Place(long topic, int partition, long offset) {

    /** Whether the id may be of a record in the topic of that id. */
    public boolean isIn(Uuid topicId) {
      return topicBits(topicId) == topic;
    }
  }

  /** The id of the record that stands there. */
  public static String of(RecordPosition position) {
    int partition = position.partition();
    long offset = position.offset();
    if (partition < 0 || partition >= PARTITIONS || offset < 0 || offset >= OFFSETS) {
      throw new IllegalArgumentException("a message id has no room for " + position);
    }
    long topic = topicBits(position.topicId());
    long high =
        ((topic >>> 6) << 16) | (VERSION << 12) | ((topic & 0x3F) << 6) | (partition >>> 14);
    long low = (0b10L << 62) | ((partition & 0x3FFFL) << 48) | offset;
    return new UUID(high, low).toString();
  }

  /** Where the record of that id stands; empty when it is no id of ours. */
  public static Optional<Place> parse(String id) {
    UUID uuid;
    try {
      uuid = UUID.fromString(id);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    if (uuid.version() != VERSION || uuid.variant() != 2 || !uuid.toString().equals(id)) {
      return Optional.empty();
    }
    long high = uuid.getMostSignificantBits();
    long low = uuid.getLeastSignificantBits();
    long topic = ((high >>> 16) << 6) | ((high >>> 6) & 0x3F);
    int partition = (int) (((high & 0x3F) << 14) | ((low >>> 48) & 0x3FFF));
    return Optional.of(new Place(topic, partition, low & (OFFSETS - 1)));
  }

  private static long topicBits(Uuid topicId) {
    return ((topicId.getMostSignificantBits() >>> 16) << 6)
        | (topicId.getLeastSignificantBits() & 0x3F);
  }
}
