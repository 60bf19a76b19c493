package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.RAW_MESSAGE_DELIVERY;
import static io.sluice.aws.message.Subscriptions.REPLAY_POLICY;

import io.sluice.broker.StartingPoint;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The attributes of a subscription that its owner sets (Amazon's "SetSubscriptionAttributes"). */
final class SubscriptionAttributes {

  private SubscriptionAttributes() {}

  /**
   * The attributes of a subscription to make.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException one that cannot be
   */
  static SortedMap<String, String> ofSubscribe(Map<String, String> given, Instant now) {
    SortedMap<String, String> attributes = new TreeMap<>();
    given.forEach((name, value) -> set("Attributes Reason: ", attributes, name, value, now));
    return attributes;
  }

  /** Attributes after one of them was set. */
  static SortedMap<String, String> with(
      Map<String, String> attributes, String name, String value, Instant now) {
    SortedMap<String, String> result = new TreeMap<>(attributes);
    set("", result, name, value, now);
    return result;
  }

  /** Where a subscription with these attributes begins. */
  static StartingPoint start(Map<String, String> attributes, Instant now) {
    String policy = attributes.get(REPLAY_POLICY);
    return policy == null
        ? new StartingPoint.Latest()
        : new StartingPoint.At(replayPolicy("", policy, now).start());
  }

  private static void set(
      String prefix, Map<String, String> attributes, String name, String value, Instant now) {
    switch (name) {
      case RAW_MESSAGE_DELIVERY -> {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.equals("true") && !lower.equals("false")) {
          throw SnsErrors.invalidParameter(
              prefix + name + ": Invalid value [" + value + "]. Must be true or false.");
        }
        attributes.put(name, lower);
      }
      case REPLAY_POLICY -> {
        if (value.isEmpty() || value.equals("{}")) {
          attributes.remove(name);
        } else {
          replayPolicy(prefix, value, now);
          attributes.put(name, value);
        }
      }
      case "FilterPolicy", "FilterPolicyScope" -> throw missing(prefix, name, "filter policies");
      case "RedrivePolicy" -> throw missing(prefix, name, "dead-letter queues");
      case "DeliveryPolicy" -> throw missing(prefix, name, "deliveries over HTTP");
      case "SubscriptionRoleArn" -> throw missing(prefix, name, "deliveries to Firehose");
      default -> throw SnsErrors.invalidParameter(prefix + "AttributeName");
    }
  }

  private static ReplayPolicy replayPolicy(String prefix, String value, Instant now) {
    try {
      return ReplayPolicy.parse(value, now);
    } catch (ReplayPolicy.InvalidReplayPolicyException e) {
      throw SnsErrors.invalidParameter(prefix + REPLAY_POLICY + ": " + e.getMessage());
    }
  }

  private static RuntimeException missing(String prefix, String name, String what) {
    return SnsErrors.invalidParameter(prefix + name + ": Sluice has no " + what);
  }
}
