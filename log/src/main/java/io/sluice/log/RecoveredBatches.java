package io.sluice.log;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.storage.internals.log.UnifiedLog;

/**
 * Finds a batch that a producer sends again and that the log had when it was opened. Kafka knows
 * the last five batches of a producer in memory, but its snapshots only the very last; so after a
 * restart it would take the others that were under way for out of sequence, and the producer would
 * send them under another epoch: twice. Immutable, but for the log.
 */
final class RecoveredBatches {

  /** What is searched at most: what a producer has under way is not far from the end. */
  private static final int MAX_BYTES = 64 << 20;

  /** From how far before the end, where a timestamp does not tell. */
  private static final long MAX_RECORDS = 100_000;

  private static final int READ_BYTES = 1 << 20;

  private final UnifiedLog log;
  private final long end;

  /** What is in the log now. */
  RecoveredBatches(UnifiedLog log) {
    this.log = log;
    this.end = log.logEndOffset();
  }

  /** What the append of the same batch of the same producer did, if the log had it. */
  Optional<Appended> find(MemoryRecords records) {
    Iterator<MutableRecordBatch> batches = records.batches().iterator();
    MutableRecordBatch wanted = batches.next();
    if (end == log.logStartOffset() || batches.hasNext() || !wanted.hasProducerId()) {
      return Optional.empty();
    }
    if (log.config().messageTimestampType == TimestampType.LOG_APPEND_TIME) {
      return find(wanted, Math.max(log.logStartOffset(), end - MAX_RECORDS)).map(this::appended);
    }
    // It has this timestamp, so the first record that has it is not behind it.
    return TimestampSearch.atOrAfter(log, wanted.maxTimestamp(), ReadIsolation.LOG_END)
        .flatMap(first -> find(wanted, first.offset()))
        .map(this::appended);
  }

  private Appended appended(RecordBatch batch) {
    return new Appended(
        batch.baseOffset(),
        batch.lastOffset(),
        RecordBatch.NO_TIMESTAMP,
        log.logStartOffset(),
        CompletableFuture.completedFuture(null));
  }

  private Optional<RecordBatch> find(RecordBatch wanted, long from) {
    long next = from;
    int searched = 0;
    try {
      while (next < end && searched < MAX_BYTES) {
        long before = next;
        Records read = log.read(next, READ_BYTES, FetchIsolation.LOG_END, true).records;
        for (RecordBatch batch : read.batches()) {
          if (isSame(batch, wanted)) {
            return Optional.of(batch);
          }
          next = batch.nextOffset();
        }
        if (next == before) {
          break;
        }
        searched += read.sizeInBytes();
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new KafkaStorageException("partition " + log.topicPartition() + " cannot be read", e);
    }
  }

  /** Whether both are the same by what Kafka goes by. */
  private static boolean isSame(RecordBatch batch, RecordBatch wanted) {
    return batch.producerId() == wanted.producerId()
        && batch.producerEpoch() == wanted.producerEpoch()
        && batch.baseSequence() == wanted.baseSequence()
        && batch.lastSequence() == wanted.lastSequence()
        && !batch.isControlBatch();
  }
}
