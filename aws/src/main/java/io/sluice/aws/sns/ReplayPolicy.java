package io.sluice.aws.sns;

import io.sluice.aws.message.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscription attribute {@code ReplayPolicy}: {@code {"PointType":"Timestamp",
 * "StartingPoint":"2026-01-31T12:00:00.000Z"}} (Amazon's "Amazon SNS message replay for FIFO topic
 * subscribers"). Every topic here is a log, so every topic can be replayed.
 *
 * @param start from when on the queue receives what was published
 */
record ReplayPolicy(Instant start) {

  /** Says in one sentence what is wrong with a policy. */
  static final class InvalidReplayPolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidReplayPolicyException(String message) {
      super(message);
    }
  }

  static ReplayPolicy parse(String text, Instant now) throws InvalidReplayPolicyException {
    Map<String, @Nullable Object> fields;
    try {
      fields = Json.object(text);
    } catch (Json.NotJsonException e) {
      throw new InvalidReplayPolicyException("failed to parse JSON. " + e.getMessage());
    }
    for (String name : fields.keySet()) {
      switch (name) {
        case "PointType", "StartingPoint" -> {}
        case "EndingPoint" ->
            throw new InvalidReplayPolicyException("EndingPoint is not supported by Sluice");
        default -> throw new InvalidReplayPolicyException("Unknown field [" + name + "]");
      }
    }
    if (!"Timestamp".equals(fields.get("PointType"))) {
      throw new InvalidReplayPolicyException("PointType must be Timestamp");
    }
    Instant start = instant(fields.get("StartingPoint"));
    if (start.isAfter(now)) {
      throw new InvalidReplayPolicyException("StartingPoint must not be in the future");
    }
    return new ReplayPolicy(start);
  }

  private static Instant instant(@Nullable Object value) throws InvalidReplayPolicyException {
    if (value instanceof String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException _) {
        // The same as no text at all.
      }
    }
    throw new InvalidReplayPolicyException(
        "StartingPoint must be a timestamp such as 2026-01-31T12:00:00.000Z");
  }
}
