package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.FILTER_POLICY;
import static io.sluice.aws.message.Subscriptions.FILTER_POLICY_SCOPE;
import static io.sluice.aws.message.Subscriptions.RAW_MESSAGE_DELIVERY;
import static io.sluice.aws.message.Subscriptions.REPLAY_POLICY;

import io.sluice.aws.message.FifoNames;
import io.sluice.aws.message.Subscriptions;
import io.sluice.broker.StartingPoint;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The attributes of a subscription that its owner sets (Amazon's "SetSubscriptionAttributes"). */
final class SubscriptionAttributes {

  static final String DELIVERY_POLICY = "DeliveryPolicy";

  private SubscriptionAttributes() {}

  /** What a subscription's own policy says of deliveries over HTTP. */
  static DeliveryPolicy deliveryPolicy(Map<String, String> attributes) {
    String policy = attributes.get(DELIVERY_POLICY);
    try {
      return policy == null ? DeliveryPolicy.NONE : DeliveryPolicy.ofSubscription(policy);
    } catch (InvalidDeliveryPolicyException e) {
      throw new IllegalStateException("a policy that was checked when it was set: " + policy, e);
    }
  }

  /**
   * The attributes of a subscription to make.
   *
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException one that cannot be
   */
  static SortedMap<String, String> ofSubscribe(
      Map<String, String> given, ReplayPolicy.Bounds bounds) {
    SortedMap<String, String> attributes = new TreeMap<>();
    // What a filter policy may say depends on its scope, so that comes first.
    for (boolean scope : new boolean[] {true, false}) {
      given.forEach(
          (name, value) -> {
            if (name.equals(FILTER_POLICY_SCOPE) == scope) {
              set("Attributes Reason: ", attributes, name, value, bounds);
            }
          });
    }
    return attributes;
  }

  /** Attributes after one of them was set. */
  static SortedMap<String, String> with(
      Map<String, String> attributes, String name, String value, ReplayPolicy.Bounds bounds) {
    SortedMap<String, String> result = new TreeMap<>(attributes);
    set("", result, name, value, bounds);
    return result;
  }

  /** Where a subscription with these attributes begins. */
  static StartingPoint start(Map<String, String> attributes) {
    String policy = attributes.get(REPLAY_POLICY);
    try {
      return policy == null
          ? new StartingPoint.Latest()
          : ReplayPolicy.parse(policy).startingPoint();
    } catch (ReplayPolicy.InvalidReplayPolicyException e) {
      throw new IllegalStateException("a policy that was checked when it was set: " + policy, e);
    }
  }

  /** Attributes as a caller sees them: a filter policy has a scope, and only that has one. */
  static SortedMap<String, String> visible(Map<String, String> attributes) {
    SortedMap<String, String> visible = Subscriptions.visible(attributes);
    visible.putIfAbsent(RAW_MESSAGE_DELIVERY, "false");
    visible.remove(FILTER_POLICY_SCOPE);
    if (visible.containsKey(FILTER_POLICY)) {
      visible.put(FILTER_POLICY_SCOPE, FilterPolicyScope.of(attributes).text());
    }
    return visible;
  }

  private static void set(
      String prefix,
      Map<String, String> attributes,
      String name,
      String value,
      ReplayPolicy.Bounds bounds) {
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
        ReplayPolicy.forget(attributes);
        if (!ReplayPolicy.isNone(value)) {
          replayPolicy(prefix, value, bounds).keep(attributes, value, bounds.now());
        }
      }
      case FILTER_POLICY -> {
        if (value.isBlank() || value.replaceAll("\\s", "").equals("{}")) {
          attributes.remove(name);
        } else {
          checkFilterPolicy(prefix, value, FilterPolicyScope.of(attributes));
          attributes.put(name, value);
        }
      }
      case FILTER_POLICY_SCOPE -> setFilterPolicyScope(prefix, attributes, value);
      case RedrivePolicy.ATTRIBUTE -> {
        if (value.isEmpty() || value.equals("{}")) {
          attributes.remove(name);
        } else {
          checkRedrivePolicy(prefix, value);
          attributes.put(name, value);
        }
      }
      case DELIVERY_POLICY -> {
        if (value.isEmpty()) {
          attributes.remove(name);
        } else {
          attributes.put(name, checkedDeliveryPolicy(prefix, value));
        }
      }
      case "SubscriptionRoleArn" -> throw missing(prefix, name, "deliveries to Firehose");
      default -> throw SnsErrors.invalidParameter(prefix + "AttributeName");
    }
  }

  private static void checkRedrivePolicy(String prefix, String value) {
    try {
      RedrivePolicy.parse(value);
    } catch (RedrivePolicy.InvalidRedrivePolicyException e) {
      throw SnsErrors.invalidParameter(prefix + RedrivePolicy.ATTRIBUTE + ": " + e.getMessage());
    }
  }

  /** What a FIFO queue cannot be given goes to a FIFO queue. */
  static void checkRedriveType(String prefix, String queue, Map<String, String> attributes) {
    Optional<RedrivePolicy> policy = RedrivePolicy.in(attributes);
    if (FifoNames.isFifo(queue) && policy.isPresent() && !FifoNames.isFifo(policy.get().queue())) {
      throw SnsErrors.invalidParameter(
          prefix
              + RedrivePolicy.ATTRIBUTE
              + ": must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.");
    }
  }

  private static String checkedDeliveryPolicy(String prefix, String value) {
    try {
      return DeliveryPolicy.ofSubscription(value).subscriptionJson();
    } catch (InvalidDeliveryPolicyException e) {
      throw SnsErrors.invalidParameter(prefix + DELIVERY_POLICY + ": " + e.getMessage());
    }
  }

  private static void setFilterPolicyScope(
      String prefix, Map<String, String> attributes, String value) {
    FilterPolicyScope scope =
        FilterPolicyScope.named(value)
            .orElseThrow(
                () ->
                    SnsErrors.invalidParameter(
                        prefix
                            + "FilterPolicyScope: Invalid value ["
                            + value
                            + "]. Please use either MessageBody or MessageAttributes"));
    String policy = attributes.get(FILTER_POLICY);
    if (policy != null) {
      checkFilterPolicy(prefix, policy, scope);
    }
    attributes.put(FILTER_POLICY_SCOPE, value);
  }

  private static void checkFilterPolicy(String prefix, String policy, FilterPolicyScope scope) {
    try {
      FilterPolicyCheck.check(policy, scope);
    } catch (InvalidFilterPolicyException e) {
      throw SnsErrors.invalidParameter(prefix + e.getMessage());
    }
  }

  private static ReplayPolicy replayPolicy(
      String prefix, String value, ReplayPolicy.Bounds bounds) {
    try {
      return ReplayPolicy.parse(value, bounds);
    } catch (ReplayPolicy.InvalidReplayPolicyException e) {
      throw SnsErrors.invalidParameter(prefix + REPLAY_POLICY + ": " + e.getMessage());
    }
  }

  private static RuntimeException missing(String prefix, String name, String what) {
    return SnsErrors.invalidParameter(prefix + name + ": Sluice has no " + what);
  }
}
