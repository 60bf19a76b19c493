package io.sluice.aws.sns;

import io.sluice.aws.message.Json;
import io.sluice.aws.message.Subscriptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The topic attribute {@code ArchivePolicy}: {@code {"MessageRetentionPeriod":"30"}} (Amazon's
 * "Amazon SNS message archiving for FIFO topic owners"). A topic here is a log, so that its archive
 * is nothing but a retention that is long enough.
 *
 * @param retention how long messages are kept; whole days
 */
record ArchivePolicy(Duration retention) {

  static final String ATTRIBUTE = "ArchivePolicy";

  /** Kept beside it: since when there is one. */
  static final String SINCE = Subscriptions.INTERNAL + "archive-since";

  private static final String PERIOD = "MessageRetentionPeriod";

  /** The policy to keep; empty for one that ends archiving. */
  static String checked(String prefix, String value) {
    if (value.isEmpty()) {
      return value;
    }
    if (value.length() > SnsLimits.POLICY_LENGTH) {
      throw invalid(prefix, "must be at most " + SnsLimits.POLICY_LENGTH + " characters long");
    }
    Object read;
    try {
      read = Json.read(value);
    } catch (Json.NotJsonException _) {
      throw invalid(prefix, "Unable to parse JSON");
    }
    if (read instanceof Map<?, ?> empty && empty.isEmpty()) {
      return "";
    }
    if (!(read instanceof Map<?, ?> fields) || !fields.containsKey(PERIOD)) {
      throw invalid(prefix, "JSON is missing required fields");
    }
    if (days(fields.get(PERIOD)).isEmpty()) {
      throw invalid(prefix, PERIOD + " value is invalid");
    }
    return value;
  }

  private static RuntimeException invalid(String prefix, String why) {
    return SnsErrors.invalidParameter(prefix + ATTRIBUTE + ": " + why);
  }

  /** A number, or its digits; as JSON gives it. */
  private static Optional<Integer> days(@Nullable Object value) {
    String text = String.valueOf(value);
    if (!text.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    return Optional.of(Integer.parseInt(text))
        .filter(days -> days >= 1 && days <= SnsLimits.ARCHIVE_DAYS);
  }

  /** The policy among a topic's attributes. */
  static Optional<ArchivePolicy> of(Map<String, String> stored) {
    String policy = stored.get(ATTRIBUTE);
    if (policy == null) {
      return Optional.empty();
    }
    try {
      int days = days(Json.object(policy).get(PERIOD)).orElseThrow();
      return Optional.of(new ArchivePolicy(Duration.ofDays(days)));
    } catch (Json.NotJsonException e) {
      throw new IllegalStateException("a policy that was checked when it was set: " + policy, e);
    }
  }

  /** Notes since when there is a policy, in attributes that one was put into or taken out of. */
  static void note(Map<String, String> stored, Instant now) {
    if (stored.containsKey(ATTRIBUTE)) {
      stored.putIfAbsent(SINCE, now.toString());
    } else {
      stored.remove(SINCE);
    }
  }

  /**
   * From when on messages can be replayed ({@code BeginningArchiveTime}), to the millisecond that
   * its owner is shown; empty for no archive.
   */
  static Optional<Instant> beginning(Map<String, String> stored, Instant now) {
    return of(stored)
        .map(
            policy -> {
              Instant kept = now.minus(policy.retention());
              Instant since = Instant.parse(stored.getOrDefault(SINCE, Instant.EPOCH.toString()));
              return (kept.isAfter(since) ? kept : since).truncatedTo(ChronoUnit.MILLIS);
            });
  }
}
