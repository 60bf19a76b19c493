package io.sluice.log;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a partition's log, around what is damaged. Safe for use by many threads. */
final class LogReader {

  private static final Logger LOGGER = LoggerFactory.getLogger(LogReader.class);

  private final UnifiedLog log;
  private final LogWriter writer;
  private final DamagedRanges damaged;
  private final BooleanSupplier wasCompacted;

  /** Segments that were searched for damage since a gap was found, and had none. */
  private final Set<Long> searched = ConcurrentHashMap.newKeySet();

  /**
   * @param wasCompacted whether some offsets may have no record
   */
  LogReader(UnifiedLog log, LogWriter writer, DamagedRanges damaged, BooleanSupplier wasCompacted) {
    this.log = log;
    this.writer = writer;
    this.damaged = damaged;
    this.wasCompacted = wasCompacted;
  }

  /**
   * Whole batches from {@code offset} on, up to what is damaged.
   *
   * @throws DamagedRecordsException the records at the offset, or all up to the next, are damaged
   * @throws IOException the disk does not give them
   * @throws KafkaStorageException likewise
   */
  Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation)
      throws IOException {
    // Kafka refuses to read what it must not append to.
    writer.mend();
    refuse(offset);
    try {
      Fetched fetched = readOnce(offset, maxBytes, atLeastOneBatch, isolation);
      if (!isGap(fetched, offset)) {
        return fetched;
      }
    } catch (DamagedRecordsException e) {
      throw e;
    } catch (CorruptRecordException | InvalidRecordException e) {
      LOGGER.debug("{} is searched for damage at {}", log.topicPartition(), offset, e);
    }
    repair(offset);
    refuse(offset);
    return readOnce(offset, maxBytes, atLeastOneBatch, isolation);
  }

  private void repair(long offset) throws IOException {
    writer.alone(() -> SegmentRepair.whileOpen(log, damaged, offset, !mayHaveGaps()));
  }

  private boolean mayHaveGaps() {
    return log.config().compact || wasCompacted.getAsBoolean();
  }

  /** Whether records are missing where none should be; asked once of each segment. */
  private boolean isGap(Fetched fetched, long offset) throws IOException {
    Iterator<? extends RecordBatch> batches = fetched.records().batches().iterator();
    if (!batches.hasNext()) {
      return false;
    }
    long base = batches.next().baseOffset();
    boolean isBeyond = base >= log.logEndOffset();
    return (isBeyond || (base > offset && !mayHaveGaps())) && searched.add(segmentOf(offset));
  }

  private long segmentOf(long offset) {
    return log.logSegments(offset, offset + 1).getFirst().baseOffset();
  }

  /** As {@link #read}, into memory, and of batches whose checksums are right. */
  Fetched readChecked(long offset, int maxBytes, ReadIsolation isolation) throws IOException {
    Fetched fetched = inMemory(read(offset, maxBytes, true, isolation));
    if (isWhole(fetched)) {
      return fetched;
    }
    repair(offset);
    Fetched again = inMemory(read(offset, maxBytes, true, isolation));
    if (!isWhole(again)) {
      throw new KafkaStorageException(
          "the records of " + log.topicPartition() + " at " + offset + " are damaged");
    }
    return again;
  }

  private static Fetched inMemory(Fetched fetched) {
    return new Fetched(
        fetched.inMemory(),
        fetched.highWatermark(),
        fetched.lastStableOffset(),
        fetched.startOffset(),
        fetched.abortedTransactions());
  }

  private boolean isWhole(Fetched fetched) {
    long next = 0;
    try {
      for (RecordBatch batch : fetched.records().batches()) {
        if (!batch.isValid()
            || batch.baseOffset() < next
            || batch.nextOffset() > log.logEndOffset()) {
          return false;
        }
        next = batch.nextOffset();
      }
      return true;
    } catch (CorruptRecordException e) {
      return false;
    }
  }

  private void refuse(long offset) {
    damaged
        .at(offset)
        .ifPresent(
            range -> {
              throw new DamagedRecordsException(log.topicPartition(), range);
            });
  }

  private Fetched readOnce(
      long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation)
      throws IOException {
    try {
      long highWatermark = log.highWatermark();
      long lastStableOffset = log.lastStableOffset();
      FetchDataInfo data = log.read(offset, maxBytes, isolation.bound(), atLeastOneBatch);
      return new Fetched(
          damaged.ranges().isEmpty() ? data.records : beforeDamage(data.records, offset),
          highWatermark,
          lastStableOffset,
          log.logStartOffset(),
          data.abortedTransactions.orElse(List.of()));
    } catch (KafkaStorageException | CorruptRecordException e) {
      throw e;
    } catch (KafkaException e) {
      // So Kafka wraps it where it looks for the batch.
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Ends before the empty batch that stands for what is damaged. */
  private Records beforeDamage(Records records, long offset) throws IOException {
    DamagedRange next = damaged.behind(offset).orElse(null);
    if (next == null || !(records instanceof FileRecords file)) {
      return records;
    }
    int bytes = 0;
    for (RecordBatch batch : file.batches()) {
      if (batch.baseOffset() >= next.firstOffset()) {
        if (bytes == 0) {
          throw new DamagedRecordsException(log.topicPartition(), next);
        }
        return file.slice(0, bytes);
      }
      bytes += batch.sizeInBytes();
    }
    return file;
  }
}
