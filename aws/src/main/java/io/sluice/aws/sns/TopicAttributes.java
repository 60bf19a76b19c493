package io.sluice.aws.sns;

import io.sluice.aws.message.FifoTopics;
import io.sluice.aws.message.Json;
import io.sluice.aws.message.Subscriptions;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The attributes of a topic that its owner sets, and how they are kept with the broker's topic
 * (Amazon's "SetTopicAttributes").
 */
final class TopicAttributes {

  static final String DISPLAY_NAME = "DisplayName";
  static final String POLICY = "Policy";
  static final String DELIVERY_POLICY = "DeliveryPolicy";

  private static final String SIGNATURE_VERSION = "SignatureVersion";
  private static final String TRACING = "TracingConfig";

  /** Kept as given: encryption, and the status of deliveries. */
  private static final Set<String> KEPT =
      Set.of(
          "KmsMasterKeyId",
          "HTTPSuccessFeedbackRoleArn",
          "HTTPSuccessFeedbackSampleRate",
          "HTTPFailureFeedbackRoleArn",
          "FirehoseSuccessFeedbackRoleArn",
          "FirehoseSuccessFeedbackSampleRate",
          "FirehoseFailureFeedbackRoleArn",
          "LambdaSuccessFeedbackRoleArn",
          "LambdaSuccessFeedbackSampleRate",
          "LambdaFailureFeedbackRoleArn",
          "ApplicationSuccessFeedbackRoleArn",
          "ApplicationSuccessFeedbackSampleRate",
          "ApplicationFailureFeedbackRoleArn",
          "SQSSuccessFeedbackRoleArn",
          "SQSSuccessFeedbackSampleRate",
          "SQSFailureFeedbackRoleArn");

  private TopicAttributes() {}

  /** The attributes that the owner set, without tags and what else lies beside them. */
  static SortedMap<String, String> visible(Map<String, String> stored) {
    SortedMap<String, String> visible = new TreeMap<>();
    stored.forEach(
        (name, value) -> {
          if (!TopicTags.isTag(name)
              && !DataProtection.isPolicy(name)
              && !name.startsWith(Subscriptions.INTERNAL)) {
            visible.put(name, value);
          }
        });
    return visible;
  }

  /**
   * What a new topic keeps of the attributes that its creator gives.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException one that cannot be
   */
  static SortedMap<String, String> ofCreation(Map<String, String> given) {
    SortedMap<String, String> stored = new TreeMap<>();
    boolean isFifo = FifoTopicAttributes.asksForFifo(given);
    given.forEach(
        (name, value) -> {
          if (name.equals(FifoTopics.ATTRIBUTE)) {
            if (isFifo) {
              stored.put(name, "true");
            }
          } else if (isKnown(name, isFifo)) {
            put(stored, name, checked("Attributes Reason: ", name, value));
          } else {
            throw SnsErrors.invalidParameter("Attributes", "Unknown attribute " + name);
          }
        });
    return stored;
  }

  /** Stored attributes after one of them was set. */
  static SortedMap<String, String> with(Map<String, String> stored, String name, String value) {
    if (!isKnown(name, FifoTopics.isFifo(stored))) {
      throw SnsErrors.invalidParameter("AttributeName");
    }
    SortedMap<String, String> result = new TreeMap<>(stored);
    put(result, name, checked("", name, value));
    return result;
  }

  private static boolean isKnown(String name, boolean isFifo) {
    return switch (name) {
      case DISPLAY_NAME, POLICY, DELIVERY_POLICY, SIGNATURE_VERSION, TRACING -> true;
      default -> KEPT.contains(name) || (isFifo && FifoTopicAttributes.isOne(name));
    };
  }

  /** The delivery policy among stored attributes. */
  static DeliveryPolicy deliveryPolicy(Map<String, String> stored) {
    String policy = stored.get(DELIVERY_POLICY);
    try {
      return policy == null ? DeliveryPolicy.NONE : DeliveryPolicy.ofTopic(policy);
    } catch (InvalidDeliveryPolicyException _) {
      // Kept by a version that took any JSON.
      return DeliveryPolicy.NONE;
    }
  }

  /** The value to keep: as it is, but for a delivery policy, which Amazon writes anew. */
  private static String checked(String prefix, String name, String value) {
    if (FifoTopicAttributes.isOne(name)) {
      return FifoTopicAttributes.checked(prefix, name, value);
    }
    check(prefix, name, value);
    if (!name.equals(DELIVERY_POLICY) || value.isEmpty()) {
      return value;
    }
    try {
      return DeliveryPolicy.ofTopic(value).topicJson();
    } catch (InvalidDeliveryPolicyException e) {
      throw SnsErrors.invalidParameter(prefix + name + ": " + e.getMessage());
    }
  }

  private static void check(String prefix, String name, String value) {
    boolean legal =
        switch (name) {
          case DISPLAY_NAME -> value.length() <= SnsLimits.DISPLAY_NAME_LENGTH;
          case POLICY ->
              value.isEmpty()
                  || (value.length() <= SnsLimits.POLICY_LENGTH && isPolicy(prefix, value));
          case SIGNATURE_VERSION -> value.equals("1") || value.equals("2");
          case TRACING -> value.equals("PassThrough") || value.equals("Active");
          default -> value.length() <= SnsLimits.POLICY_LENGTH;
        };
    if (!legal) {
      throw SnsErrors.invalidParameter(prefix + name);
    }
    if (name.endsWith("SampleRate") && !value.matches("[0-9]{1,2}|100|")) {
      throw SnsErrors.invalidParameter(
          prefix + name + ": " + value + " value provided is not an integer between 0-100");
    }
  }

  private static boolean isPolicy(String prefix, String value) {
    try {
      TopicPermissions.checkScope(prefix, Json.object(value));
      return true;
    } catch (Json.NotJsonException _) {
      return false;
    }
  }

  private static void put(Map<String, String> stored, String name, String value) {
    if (value.isEmpty()) {
      stored.remove(name);
    } else {
      stored.put(name, value);
    }
  }
}
