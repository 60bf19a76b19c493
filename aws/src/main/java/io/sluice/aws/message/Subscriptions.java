package io.sluice.aws.message;

import io.sluice.broker.Source;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The attributes of an SNS subscription, as they are kept with the broker's source. */
public final class Subscriptions {

  /** {@code true}: the queue gets the message as it is; otherwise, a JSON notification. */
  public static final String RAW_MESSAGE_DELIVERY = "RawMessageDelivery";

  /** Where in the topic's past the subscription started. */
  public static final String REPLAY_POLICY = "ReplayPolicy";

  /** Names that begin with this are kept with a subscription, and are no business of a client. */
  public static final String INTERNAL = "sluice.";

  /** Kept beside it: since when it replays, as {@link Instant} writes it. */
  public static final String REPLAY_SINCE = INTERNAL + "replay-since";

  /** Kept beside it: where the replay ends, if it does; ms since the epoch. */
  public static final String REPLAY_END = INTERNAL + "replay-end";

  /** Which messages the subscription gets. */
  public static final String FILTER_POLICY = "FilterPolicy";

  /** What the filter policy is about. */
  public static final String FILTER_POLICY_SCOPE = "FilterPolicyScope";

  private Subscriptions() {}

  /** The attributes that a client may see. */
  public static SortedMap<String, String> visible(Map<String, String> attributes) {
    SortedMap<String, String> visible = new TreeMap<>(attributes);
    visible.keySet().removeIf(name -> name.startsWith(INTERNAL));
    return visible;
  }

  /** Whether these attributes ask for raw delivery. */
  public static boolean isRaw(Map<String, String> attributes) {
    return "true".equals(attributes.get(RAW_MESSAGE_DELIVERY));
  }

  /** Whether a subscription with these attributes gets, as a replay, what was published then. */
  public static boolean isReplayed(Map<String, String> attributes, Instant publishedAt) {
    String since = attributes.get(REPLAY_SINCE);
    return since != null && !publishedAt.isAfter(Instant.parse(since));
  }

  /** The subscription's ARN in a region. */
  public static String arn(Source source, String region, String account) {
    return Arns.subscription(Arns.topic(region, account, source.topic()), source.id());
  }
}
