package io.sluice.aws.sqs;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The rules for tags and how they are stored: beside a queue's attributes, as {@code tag:KEY}
 * (Amazon's "Tagging your AWS resources": lengths and characters; "Amazon SQS cost allocation
 * tags": their number).
 */
final class QueueTags {

  private static final String STORED = "tag:";
  private static final String AMAZONS = "aws:";
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private QueueTags() {}

  /** Whether a stored name is that of a tag, not of an attribute. */
  static boolean isTag(String storedName) {
    return storedName.startsWith(STORED);
  }

  /** The tags among what is stored. */
  static Map<String, String> of(Map<String, String> stored) {
    Map<String, String> tags = new TreeMap<>();
    stored.forEach(
        (name, value) -> {
          if (isTag(name)) {
            tags.put(name.substring(STORED.length()), value);
          }
        });
    return tags;
  }

  /**
   * Adds tags, of which a queue has at most {@link SqsLimits#TAGS} afterwards; those of the same
   * key are replaced.
   *
   * @param queue the queue's name, for the error
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException a tag that cannot be
   */
  static void add(SortedMap<String, String> stored, Map<String, String> tags, String queue) {
    tags.forEach(
        (key, value) -> {
          checkKey(key);
          if (value == null || value.length() > SqsLimits.TAG_VALUE_LENGTH) {
            throw SqsErrors.invalidParameterValue(
                "Tag values must be between 0 and "
                    + SqsLimits.TAG_VALUE_LENGTH
                    + " characters in length.");
          }
          checkText(value, "Tag values");
          stored.put(STORED + key, value);
        });
    if (stored.keySet().stream().filter(QueueTags::isTag).count() > SqsLimits.TAGS) {
      throw SqsErrors.invalidParameterValue("Too many tags added for queue " + queue + ".");
    }
  }

  /** Removes tags; one that is not there is no error. */
  static void remove(SortedMap<String, String> stored, List<String> keys) {
    if (keys.isEmpty()) {
      throw keyLength();
    }
    keys.forEach(
        key -> {
          checkKey(key);
          stored.remove(STORED + key);
        });
  }

  private static void checkKey(String key) {
    if (key.isEmpty() || key.length() > SqsLimits.TAG_KEY_LENGTH) {
      throw keyLength();
    }
    if (key.regionMatches(true, 0, AMAZONS, 0, AMAZONS.length())) {
      throw SqsErrors.invalidParameterValue("Tag keys must not start with " + AMAZONS + ".");
    }
    checkText(key, "Tag keys");
  }

  private static RuntimeException keyLength() {
    return SqsErrors.invalidParameterValue(
        "Tag keys must be between 1 and " + SqsLimits.TAG_KEY_LENGTH + " characters in length.");
  }

  private static void checkText(String text, String what) {
    if (!TEXT.matcher(text).matches()) {
      throw SqsErrors.invalidParameterValue(
          what + " can only contain letters, digits, spaces, and any of _.:/=+-@");
    }
  }
}
