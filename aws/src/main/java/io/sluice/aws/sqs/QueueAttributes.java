package io.sluice.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.aws.message.Json;
import io.sluice.broker.QueueSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a queue that its owner sets: names, defaults, ranges, and how they are kept
 * with the broker's queue (Amazon's "SetQueueAttributes"). {@link QueueTags} lie beside them.
 */
final class QueueAttributes {

  static final String DELAY = "DelaySeconds";
  static final String MAXIMUM_MESSAGE_SIZE = "MaximumMessageSize";
  static final String RETENTION = "MessageRetentionPeriod";
  static final String WAIT_TIME = "ReceiveMessageWaitTimeSeconds";
  static final String VISIBILITY_TIMEOUT = "VisibilityTimeout";

  static final String POLICY = "Policy";
  private static final String MANAGED_SSE = "SqsManagedSseEnabled";
  private static final String KMS_KEY = "KmsMasterKeyId";
  private static final String KMS_KEY_REUSE = "KmsDataKeyReusePeriodSeconds";
  private static final String KMS_KEY_REUSE_DEFAULT = "300";

  private record Range(int defaultValue, int min, int max) {}

  private static final Map<String, Range> NUMBERS =
      Map.of(
          DELAY, new Range(0, 0, SqsLimits.DELAY_SECONDS),
          MAXIMUM_MESSAGE_SIZE,
              new Range(
                  SqsLimits.MESSAGE_BYTES,
                  SqsLimits.MIN_MAXIMUM_MESSAGE_SIZE,
                  SqsLimits.MESSAGE_BYTES),
          RETENTION,
              new Range(345_600, SqsLimits.MIN_RETENTION_SECONDS, SqsLimits.MAX_RETENTION_SECONDS),
          WAIT_TIME, new Range(0, 0, SqsLimits.WAIT_TIME_SECONDS),
          VISIBILITY_TIMEOUT, new Range(30, 0, SqsLimits.VISIBILITY_TIMEOUT_SECONDS));

  private QueueAttributes() {}

  /** A number that the queue's owner set, or its default. */
  static int number(Map<String, String> stored, String name) {
    String set = stored.get(name);
    if (set != null) {
      return Integer.parseInt(set);
    }
    Range range = NUMBERS.get(name);
    if (range == null) {
      throw new IllegalArgumentException(name);
    }
    return range.defaultValue();
  }

  /** What the broker heeds of stored attributes. */
  static QueueSettings settings(Map<String, String> stored) {
    return new QueueSettings(
        Duration.ofSeconds(number(stored, RETENTION)),
        number(stored, MAXIMUM_MESSAGE_SIZE) + SqsLimits.RECORD_OVERHEAD_BYTES,
        SqsLimits.IN_FLIGHT,
        Duration.ofSeconds(number(stored, DELAY)),
        FifoAttributes.settings(stored),
        RedrivePolicies.redrive(stored));
  }

  /** The attributes as their owner sees them, defaults included, tags not. */
  static SequencedMap<String, String> visible(Map<String, String> stored) {
    SequencedMap<String, String> visible = new TreeMap<>();
    NUMBERS.forEach((name, range) -> visible.put(name, Integer.toString(range.defaultValue())));
    visible.put(MANAGED_SSE, "true");
    FifoAttributes.addDefaults(stored, visible);
    stored.forEach(
        (name, value) -> {
          if (!QueueTags.isTag(name)) {
            visible.put(name, value);
          }
        });
    return visible;
  }

  /**
   * Stored attributes after some of them were set.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException an attribute that cannot
   *     be set, or not to that value
   */
  static SortedMap<String, String> with(Map<String, String> stored, Map<String, String> changes) {
    if ("true".equals(changes.get(MANAGED_SSE)) && !changes.getOrDefault(KMS_KEY, "").isEmpty()) {
      throw SqsErrors.invalidAttributeName(
          "You can use one type of server-side encryption (SSE) at one time. You can either enable"
              + " KMS SSE or SQS SSE.");
    }
    SortedMap<String, String> result = new TreeMap<>(stored);
    changes.forEach((name, value) -> set(result, name, value));
    FifoAttributes.check(result);
    return result;
  }

  /** What a new queue keeps of the attributes that its creator gives. */
  static SortedMap<String, String> ofCreation(Map<String, String> given) {
    SortedMap<String, String> stored = new TreeMap<>();
    FifoAttributes.create(stored, given);
    return with(stored, given);
  }

  private static void set(Map<String, String> stored, String name, String value) {
    switch (name) {
      case POLICY -> setPolicy(stored, value);
      case RedrivePolicies.REDRIVE ->
          putUnless(stored, name, RedrivePolicies.checkRedrive(value), "");
      case RedrivePolicies.ALLOW -> putUnless(stored, name, RedrivePolicies.checkAllow(value), "");
      case MANAGED_SSE -> setManagedSse(stored, value);
      case KMS_KEY -> setKmsKey(stored, value);
      case KMS_KEY_REUSE -> {
        checkNumber(name, value, SqsLimits.MIN_KEY_REUSE_SECONDS, SqsLimits.MAX_KEY_REUSE_SECONDS);
        putUnless(stored, name, value, KMS_KEY_REUSE_DEFAULT);
      }
      default -> {
        Range range = NUMBERS.get(name);
        if (FifoAttributes.isOne(name)) {
          FifoAttributes.set(stored, name, value);
        } else if (range == null) {
          throw SqsErrors.unknownAttribute(name);
        } else {
          stored.put(name, checkNumber(name, value, range.min(), range.max()));
        }
      }
    }
  }

  private static String checkNumber(String name, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return Integer.toString(number);
      }
    } catch (NumberFormatException _) {
      // The same as out of range.
    }
    throw SqsErrors.invalidAttributeValue(name);
  }

  private static void setPolicy(Map<String, String> stored, String value) {
    if (!value.isEmpty()) {
      try {
        checkStatements(Json.object(value).get("Statement"));
      } catch (Json.NotJsonException _) {
        throw SqsErrors.invalidAttributeValue(POLICY);
      }
      if (value.getBytes(UTF_8).length > SqsLimits.POLICY_BYTES) {
        throw SqsErrors.invalidAttributeValue(POLICY);
      }
    }
    putUnless(stored, POLICY, value, "");
  }

  private static void checkStatements(@Nullable Object statements) {
    if (statements instanceof List<?> list && list.size() > SqsLimits.POLICY_STATEMENTS) {
      throw SqsErrors.overLimit(
          list.size()
              + " statements were found in the submitted policy, max allowed is "
              + SqsLimits.POLICY_STATEMENTS);
    }
  }

  private static void setManagedSse(Map<String, String> stored, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw SqsErrors.invalidAttributeValue(MANAGED_SSE);
    }
    if (value.equals("true")) {
      stored.remove(KMS_KEY);
      stored.remove(KMS_KEY_REUSE);
    }
    stored.put(MANAGED_SSE, value);
  }

  private static void setKmsKey(Map<String, String> stored, String value) {
    if (value.length() > SqsLimits.KMS_KEY_LENGTH) {
      throw SqsErrors.invalidAttributeValue(KMS_KEY);
    }
    putUnless(stored, KMS_KEY, value, "");
    if (!value.isEmpty()) {
      stored.put(MANAGED_SSE, "false");
    }
  }

  private static void putUnless(
      Map<String, String> stored, String name, String value, String nothing) {
    if (value.equals(nothing)) {
      stored.remove(name);
    } else {
      stored.put(name, value);
    }
  }
}
