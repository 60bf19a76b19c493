package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.log.EpochEnd;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Reads what a Fetch asks for, in its order and within its limits; the first batch of the answer is
 * given whole whatever the limits, so that a client always gets on (KIP-74). Records stay in the
 * log's files, and leave them for the socket without a copy. Immutable.
 */
record FetchReader(TopicResolver resolver) {

  FetchAnswer read(Collection<FetchTarget> targets, FetchTerms terms) {
    FetchAnswer answer = new FetchAnswer(targets.size());
    for (FetchTarget target : targets) {
      int limit = Math.max(0, Math.min(target.maxBytes(), terms.maxBytes() - answer.bytes()));
      PartitionData data = read(target, limit, answer.bytes() == 0, terms);
      int size = FetchResponse.recordsSize(data);
      if (size > 0 && size < limit && size < terms.enoughBytes() && goesOn(data)) {
        answer.endsEarly();
      }
      answer.add(target, data);
    }
    return answer;
  }

  /** Whether readable records follow those that were read. */
  private static boolean goesOn(PartitionData data) {
    long next = 0;
    for (RecordBatch batch : ((Records) data.records()).batches()) {
      next = batch.nextOffset();
    }
    return next < data.lastStableOffset();
  }

  /** The partition, which may have gone since the client heard of it. */
  PartitionLog partition(FetchTarget.Key key) {
    Topic topic = resolver.topic(key.topic(), key.topicId());
    return resolver.partition(topic, key.partition());
  }

  private PartitionData read(
      FetchTarget target, int maxBytes, boolean nothingYet, FetchTerms terms) {
    PartitionData data = new PartitionData().setPartitionIndex(target.key().partition());
    try {
      PartitionLog log = partition(target.key());
      TopicResolver.checkLeaderEpoch(log, target.leaderEpoch());
      Optional<EpochEnd> diverged = divergence(log, target);
      if (diverged.isPresent()) {
        return data.setHighWatermark(log.highWatermark())
            .setLastStableOffset(log.lastStableOffset())
            .setLogStartOffset(log.startOffset())
            .setDivergingEpoch(
                new EpochEndOffset()
                    .setEpoch(diverged.get().leaderEpoch())
                    .setEndOffset(diverged.get().endOffset()))
            .setRecords(MemoryRecords.EMPTY);
      }
      Fetched fetched = log.read(target.offset(), maxBytes, nothingYet, terms.isolation());
      data.setHighWatermark(fetched.highWatermark())
          .setLastStableOffset(fetched.lastStableOffset())
          .setLogStartOffset(fetched.startOffset())
          .setRecords(fetched.records());
      return terms.isolation() == ReadIsolation.COMMITTED
          ? data.setAbortedTransactions(fetched.abortedTransactions())
          : data;
    } catch (RuntimeException e) {
      return data.setErrorCode(ErrorCodes.of(e).code())
          .setHighWatermark(FetchResponse.INVALID_HIGH_WATERMARK)
          .setRecords(MemoryRecords.EMPTY);
    }
  }

  /** Where the client has left this log's history (KIP-595), if it says what it has last read. */
  private static Optional<EpochEnd> divergence(PartitionLog log, FetchTarget target) {
    if (target.lastFetchedEpoch() < 0) {
      return Optional.empty();
    }
    EpochEnd end =
        log.endOffsetForEpoch(target.lastFetchedEpoch())
            .orElseThrow(
                () ->
                    new OffsetOutOfRangeException(
                        "leader epoch " + target.lastFetchedEpoch() + " has not begun"));
    boolean diverged =
        end.leaderEpoch() < target.lastFetchedEpoch() || end.endOffset() < target.offset();
    return diverged ? Optional.of(end) : Optional.empty();
  }
}
