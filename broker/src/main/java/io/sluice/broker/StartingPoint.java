package io.sluice.broker;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import java.time.Instant;

/** Where in a topic a reader begins. */
public sealed interface StartingPoint {

  /** The first record that still exists. */
  record Earliest() implements StartingPoint {}

  /** What is appended from now on. */
  record Latest() implements StartingPoint {}

  /**
   * The first record at or after an instant.
   *
   * @param instant compared with the records' timestamps
   */
  record At(Instant instant) implements StartingPoint {}

  /**
   * An offset, the same in every partition; where a partition does not have it, its nearer end.
   *
   * @param offset at least 0
   */
  record Offset(long offset) implements StartingPoint {}

  /** The offset in a partition where a reader begins that begins now. */
  default long in(PartitionLog log) {
    return switch (this) {
      case Earliest() -> log.startOffset();
      case Latest() -> log.highWatermark();
      case At(Instant instant) -> {
        // Before the search: what becomes readable during it may have been missed by it.
        long end = log.highWatermark();
        yield log.findByTimestamp(instant.toEpochMilli(), ReadIsolation.HIGH_WATERMARK)
            .map(TimestampedOffset::offset)
            .orElse(end);
      }
      case Offset(long offset) ->
          Math.clamp(offset, log.startOffset(), Math.max(log.startOffset(), log.highWatermark()));
    };
  }
}
