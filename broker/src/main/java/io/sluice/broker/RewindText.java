package io.sluice.broker;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the forms of {@link RewindPoint}. A topic's name has no colon, so no two look alike. */
final class RewindText {

  private static final Pattern OFFSET = Pattern.compile("offset:([0-9]{1,19})");
  private static final Pattern PARTITION =
      Pattern.compile("([a-zA-Z0-9._-]{1,249})-([0-9]{1,10}):([0-9]{1,19})");

  private RewindText() {}

  static RewindPoint parse(String text) {
    Matcher offset = OFFSET.matcher(text);
    Matcher partition = PARTITION.matcher(text);
    try {
      if (offset.matches()) {
        return everywhere(new StartingPoint.Offset(Long.parseLong(offset.group(1))));
      }
      if (partition.matches()) {
        return new RewindPoint.OnePartition(
            partition.group(1),
            Integer.parseInt(partition.group(2)),
            Long.parseLong(partition.group(3)));
      }
      return switch (text) {
        case "earliest" -> everywhere(new StartingPoint.Earliest());
        case "latest" -> everywhere(new StartingPoint.Latest());
        default -> everywhere(at(OffsetDateTime.parse(text).toInstant()));
      };
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is none of " + RewindPoint.FORMS, e);
    }
  }

  private static RewindPoint everywhere(StartingPoint start) {
    return new RewindPoint.Everywhere(start);
  }

  /** Kafka's log takes some negative timestamps for its ends. */
  private static StartingPoint at(Instant instant) {
    return instant.toEpochMilli() < 0
        ? new StartingPoint.Earliest()
        : new StartingPoint.At(instant);
  }
}
