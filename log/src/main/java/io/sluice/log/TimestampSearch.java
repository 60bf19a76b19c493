package io.sluice.log;

import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.UnifiedLog;

/** Finds records of a log by their timestamps. Holds no state. */
final class TimestampSearch {

  private TimestampSearch() {}

  /** The first record with this timestamp or a later one, below the bound. */
  static Optional<TimestampedOffset> atOrAfter(
      UnifiedLog log, long timestampMs, ReadIsolation isolation) {
    long bound =
        switch (isolation) {
          case LOG_END -> log.logEndOffset();
          case HIGH_WATERMARK -> log.highWatermark();
          case COMMITTED -> log.lastStableOffset();
        };
    return find(log, timestampMs)
        .or(() -> findInLaterSegments(log, timestampMs))
        .map(TimestampSearch::timestamped)
        .filter(found -> found.offset() < bound);
  }

  /** The record with the greatest timestamp. */
  static Optional<TimestampedOffset> greatest(UnifiedLog log) {
    return find(log, ListOffsetsRequest.MAX_TIMESTAMP).map(TimestampSearch::timestamped);
  }

  private static Optional<FileRecords.TimestampAndOffset> find(UnifiedLog log, long timestamp) {
    return log.fetchOffsetByTimestamp(timestamp, Optional.empty()).timestampAndOffsetOpt();
  }

  /**
   * Kafka's search ends in the first segment that has the timestamp, even where it has it among
   * deleted records only.
   */
  private static Optional<FileRecords.TimestampAndOffset> findInLaterSegments(
      UnifiedLog log, long timestampMs) {
    try {
      for (LogSegment segment : log.logSegments()) {
        if (segment.largestTimestamp() >= timestampMs) {
          Optional<FileRecords.TimestampAndOffset> found =
              segment.findOffsetByTimestamp(timestampMs, log.logStartOffset());
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new KafkaStorageException("partition " + log.topicPartition() + " cannot be read", e);
    }
  }

  private static TimestampedOffset timestamped(FileRecords.TimestampAndOffset at) {
    // A store has but one writer: where a record has no epoch, it is the first.
    return new TimestampedOffset(at.timestamp, at.offset, at.leaderEpoch.orElse(0));
  }
}
