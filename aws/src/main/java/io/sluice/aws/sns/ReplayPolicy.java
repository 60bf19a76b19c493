package io.sluice.aws.sns;

import static io.sluice.aws.message.Subscriptions.REPLAY_END;
import static io.sluice.aws.message.Subscriptions.REPLAY_POLICY;
import static io.sluice.aws.message.Subscriptions.REPLAY_SINCE;

import io.sluice.aws.message.Json;
import io.sluice.broker.StartingPoint;
import io.sluice.broker.Topic;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscription attribute {@code ReplayPolicy}: {@code {"PointType":"Timestamp",
 * "StartingPoint":"2026-01-31T12:00:00.000Z"}}, with an {@code EndingPoint} if it should end
 * (Amazon's "Amazon SNS message replay for FIFO topic subscribers"). At Amazon only a FIFO topic
 * with an archive policy can be replayed. Every topic here is a log, so every topic can; one with
 * an archive policy only as far back as at Amazon.
 *
 * @param start from when on the queue receives what was published
 * @param end the queue receives nothing that was published from then on, as long as it has this
 *     policy ("Subscribe": "the subscription will no longer receive newly published messages")
 */
record ReplayPolicy(Instant start, Optional<Instant> end) {

  private static final String POINT_TYPE = "PointType";
  private static final String STARTING_POINT = "StartingPoint";
  private static final String ENDING_POINT = "EndingPoint";

  private static final Set<String> FIELDS = Set.of(POINT_TYPE, STARTING_POINT, ENDING_POINT);

  /** Says in one sentence what is wrong with a policy. */
  static final class InvalidReplayPolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidReplayPolicyException(String message) {
      super(message);
    }
  }

  /**
   * Between what instants a replay may lie.
   *
   * @param beginning where the topic's archive begins
   */
  record Bounds(Instant beginning, Instant now) {

    static Bounds of(Topic topic, Instant now) {
      return new Bounds(ArchivePolicy.beginning(topic.attributes(), now).orElse(Instant.MIN), now);
    }

    private boolean contain(Instant instant) {
      return !instant.isBefore(beginning) && !instant.isAfter(now);
    }
  }

  /** Whether a value ends the replay that there is. */
  static boolean isNone(String text) {
    return text.isBlank() || text.replaceAll("\\s", "").equals("{}");
  }

  /** Keeps a checked policy, from now on. */
  void keep(Map<String, String> attributes, String text, Instant now) {
    attributes.put(REPLAY_POLICY, text);
    attributes.put(REPLAY_SINCE, now.toString());
    attributes.remove(REPLAY_END);
    // Records have whole milliseconds: what was published within the last one comes, too.
    // Before all records there are years that have no milliseconds.
    end.map(at -> at.isBefore(Instant.EPOCH) ? 0 : at.plusNanos(999_999).toEpochMilli())
        .ifPresent(millis -> attributes.put(REPLAY_END, Long.toString(millis)));
  }

  /** Forgets whatever policy there is. */
  static void forget(Map<String, String> attributes) {
    attributes.remove(REPLAY_POLICY);
    attributes.remove(REPLAY_SINCE);
    attributes.remove(REPLAY_END);
  }

  /** What a replay has done once it has come so far; empty for no replay. */
  static Optional<StartingPoint> completion(Map<String, String> attributes) {
    String end = attributes.get(REPLAY_END);
    String since = attributes.get(REPLAY_SINCE);
    if (end != null) {
      return Optional.of(new StartingPoint.At(Instant.ofEpochMilli(Long.parseLong(end))));
    }
    return since == null
        ? Optional.empty()
        : Optional.of(new StartingPoint.At(Instant.parse(since).plusMillis(1)));
  }

  /** A policy that must make sense at this moment. */
  static ReplayPolicy parse(String text, Bounds bounds) throws InvalidReplayPolicyException {
    ReplayPolicy policy = parse(text);
    if (!bounds.contain(policy.start())) {
      throw invalidPoint(STARTING_POINT);
    }
    if (policy.end().isPresent()
        && (policy.end().get().isBefore(policy.start())
            || policy.end().get().isAfter(bounds.now()))) {
      throw invalidPoint(ENDING_POINT);
    }
    return policy;
  }

  /** A policy that made sense when it was set. */
  static ReplayPolicy parse(String text) throws InvalidReplayPolicyException {
    if (text.length() > SnsLimits.POLICY_LENGTH) {
      throw new InvalidReplayPolicyException(
          "must be at most " + SnsLimits.POLICY_LENGTH + " characters long");
    }
    Object read;
    try {
      read = Json.read(text);
    } catch (Json.NotJsonException _) {
      throw new InvalidReplayPolicyException("Unable to parse JSON");
    }
    if (!(read instanceof Map<?, ?> fields)
        || !fields.containsKey(POINT_TYPE)
        || !fields.containsKey(STARTING_POINT)) {
      throw new InvalidReplayPolicyException("JSON is missing required fields");
    }
    if (!"Timestamp".equals(fields.get(POINT_TYPE))) {
      throw new InvalidReplayPolicyException("Invalid PointType");
    }
    for (Object name : fields.keySet()) {
      if (!FIELDS.contains(name)) {
        throw new InvalidReplayPolicyException("Unknown field [" + name + "]");
      }
    }
    Instant start = instant(STARTING_POINT, fields.get(STARTING_POINT));
    return new ReplayPolicy(
        start,
        fields.containsKey(ENDING_POINT)
            ? Optional.of(instant(ENDING_POINT, fields.get(ENDING_POINT)))
            : Optional.empty());
  }

  private static Instant instant(String name, @Nullable Object value)
      throws InvalidReplayPolicyException {
    try {
      return OffsetDateTime.parse(String.valueOf(value)).toInstant();
    } catch (DateTimeException _) {
      throw invalidPoint(name);
    }
  }

  private static InvalidReplayPolicyException invalidPoint(String name) {
    return new InvalidReplayPolicyException("Invalid " + name + " value");
  }

  /**
   * Where a subscription with this policy begins. Kafka's log takes negative times for its ends.
   */
  StartingPoint startingPoint() {
    return start.isBefore(Instant.EPOCH)
        ? new StartingPoint.Earliest()
        : new StartingPoint.At(start);
  }
}
