package io.sluice.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/**
 * What Kafka's topics and groups are called at Amazon, whose names have letters, digits, {@code -}
 * and {@code _} only.
 *
 * <ul>
 *   <li>topic {@code orders}: the SNS topic {@code orders.fifo}, or {@code orders} when it is a
 *       standard one. A period is written {@code _2e}; an underscore {@code _5f}, but only where it
 *       would be read as such.
 *   <li>group {@code dispatch} on it: the SQS queue {@code dispatch--orders.fifo}, or {@code
 *       dispatch--orders}. A hyphen beside the two, or one of two in a row, is written {@code _2d}.
 *       A name beyond Amazon's 80 characters ends with {@code _} and 32 digits of the SHA-256 of
 *       what it would be; the queue's tags say who it is for.
 * </ul>
 */
final class ResourceNames {

  /** The end of the name of every FIFO topic and queue. */
  static final String FIFO = ".fifo";

  private static final String SEPARATOR = "--";
  private static final int MAX_TOPIC_LENGTH = 256;
  private static final int MAX_QUEUE_LENGTH = 80;
  private static final int HASH_LENGTH = 32;

  private ResourceNames() {}

  /**
   * The name of the SNS topic.
   *
   * @throws InvalidTopicException no topic of Kafka's may be called so, or it is too long for
   *     Amazon
   */
  static String topic(String topic, boolean fifo) {
    Topic.validate(topic);
    String name = escape(topic) + (fifo ? FIFO : "");
    if (name.length() > MAX_TOPIC_LENGTH) {
      throw new InvalidTopicException(
          "Topic name is illegal, at Amazon it has " + name.length() + " characters: " + topic);
    }
    return name;
  }

  /** The topic whose SNS topic is called so. */
  static String kafkaTopic(String name) {
    return unescape(isFifo(name) ? name.substring(0, name.length() - FIFO.length()) : name);
  }

  /** Whether a topic or queue of that name is a FIFO one. */
  static boolean isFifo(String name) {
    return name.endsWith(FIFO);
  }

  /**
   * The name of a group's SQS queue.
   *
   * @throws InvalidGroupIdException the group's name is empty or has other characters than a topic
   *     may have
   */
  static String queue(String group, String topic, boolean fifo) {
    if (group.isEmpty() || !group.chars().allMatch(ResourceNames::isLegal)) {
      throw new InvalidGroupIdException(
          "A group on SQS has a name of letters, digits, '.', '_' and '-', not \"" + group + "\"");
    }
    String suffix = fifo ? FIFO : "";
    String name = escapeHyphens(escape(group)) + SEPARATOR + escapeHyphens(escape(topic));
    int room = MAX_QUEUE_LENGTH - suffix.length();
    if (name.length() > room) {
      name = name.substring(0, room - HASH_LENGTH - 1) + "_" + hash(name);
    }
    return name + suffix;
  }

  /** What the names of a group's queues begin with; those of others may too. */
  static String queuePrefix(String group) {
    String prefix = escapeHyphens(escape(group)) + SEPARATOR;
    return prefix.substring(
        0, Math.min(prefix.length(), MAX_QUEUE_LENGTH - FIFO.length() - HASH_LENGTH - 1));
  }

  /** Whether a queue may be a group's, by its name. */
  static boolean isQueue(String name) {
    return name.contains(SEPARATOR) || name.length() >= MAX_QUEUE_LENGTH - FIFO.length();
  }

  private static boolean isLegal(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  private static String escape(String name) {
    StringBuilder escaped = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        escaped.append("_2e");
      } else if (c == '_' && isEscape(name, i)) {
        escaped.append("_5f");
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static boolean isEscape(String name, int at) {
    return name.startsWith("_2e", at) || name.startsWith("_5f", at) || name.startsWith("_2d", at);
  }

  private static String escapeHyphens(String name) {
    StringBuilder escaped = new StringBuilder(name.length());
    int last = name.length() - 1;
    for (int i = 0; i <= last; i++) {
      boolean isAlone = i > 0 && i < last && name.charAt(i - 1) != '-' && name.charAt(i + 1) != '-';
      escaped.append(name.charAt(i) == '-' && !isAlone ? "_2d" : name.charAt(i));
    }
    return escaped.toString();
  }

  private static String unescape(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    int i = 0;
    while (i < name.length()) {
      if (isEscape(name, i)) {
        plain.append((char) Integer.parseInt(name, i + 1, i + 3, 16));
        i += 3;
      } else {
        plain.append(name.charAt(i++));
      }
    }
    return plain.toString();
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
