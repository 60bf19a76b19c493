package io.sluice.aws.sns;

import io.sluice.aws.message.FifoTopics;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The attributes that only FIFO topics have (Amazon's "CreateTopic" and "SetTopicAttributes"):
 * names, defaults and values. A topic is FIFO from its creation on; the others may change.
 */
final class FifoTopicAttributes {

  private static final String CONTENT_BASED = "ContentBasedDeduplication";
  private static final String SCOPE = "FifoThroughputScope";
  private static final String BY_GROUP = "MessageGroup";

  private static final Set<String> NAMES = Set.of(CONTENT_BASED, SCOPE, ArchivePolicy.ATTRIBUTE);

  /** What counts where nothing was set. */
  private static final Map<String, String> DEFAULTS =
      Map.of(CONTENT_BASED, "false", SCOPE, "Topic");

  private FifoTopicAttributes() {}

  /** Whether it is one of those that may change. */
  static boolean isOne(String name) {
    return NAMES.contains(name);
  }

  /** Whether the message's digest stands for a deduplication id that is missing. */
  static boolean isContentBased(Map<String, String> stored) {
    return "true".equals(stored.get(CONTENT_BASED));
  }

  /** Whether a deduplication id counts within its message group only. */
  static boolean isByGroup(Map<String, String> stored) {
    return BY_GROUP.equals(stored.get(SCOPE));
  }

  /** Adds what the owner of a FIFO topic sees although it was never set. */
  static void addShown(Map<String, String> visible) {
    if (FifoTopics.isFifo(visible)) {
      visible.putIfAbsent(CONTENT_BASED, "false");
    }
  }

  /** Adds everything that counts although it was never set. */
  static void addDefaults(Map<String, String> visible) {
    if (FifoTopics.isFifo(visible)) {
      DEFAULTS.forEach(visible::putIfAbsent);
    }
  }

  /**
   * The value of {@code FifoTopic}.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException it is no boolean
   */
  static boolean asksForFifo(Map<String, String> given) {
    String value = given.get(FifoTopics.ATTRIBUTE);
    return value != null
        && Boolean.parseBoolean(bool("Attributes Reason: ", FifoTopics.ATTRIBUTE, value));
  }

  /** The value to keep of one of those that may change; empty for none. */
  static String checked(String prefix, String name, String value) {
    return switch (name) {
      case CONTENT_BASED -> bool(prefix, name, value);
      case SCOPE -> {
        if (!value.equals(BY_GROUP) && !value.equals(DEFAULTS.get(SCOPE))) {
          throw SnsErrors.invalidParameter(
              prefix
                  + name
                  + ": Invalid value ["
                  + value
                  + "]. Please use either Topic or MessageGroup");
        }
        yield value;
      }
      default -> ArchivePolicy.checked(prefix, value);
    };
  }

  private static String bool(String prefix, String name, String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (!lower.equals("true") && !lower.equals("false")) {
      throw SnsErrors.invalidParameter(
          prefix + name + ": Invalid value [" + value + "]. Must be true or false.");
    }
    return lower;
  }
}
