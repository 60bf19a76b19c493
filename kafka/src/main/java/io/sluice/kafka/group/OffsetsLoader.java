package io.sluice.kafka.group;

import io.sluice.log.DamagedRecordsException;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer.UnknownRecordTypeException;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays a partition of the offsets topic into a coordinator, each partition on a thread of its
 * own. Safe for use by many threads.
 */
final class OffsetsLoader implements CoordinatorLoader<CoordinatorRecord> {

  private static final Logger LOGGER = LoggerFactory.getLogger(OffsetsLoader.class);
  private static final int READ_BYTES = 1024 * 1024;

  /** As Kafka's CoordinatorLoaderImpl: how many records may be undone at once while loading. */
  private static final long COMMIT_INTERVAL = 16_384;

  private final OffsetsTopic topic;
  private final Time time;
  private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
  private volatile boolean closed;

  OffsetsLoader(OffsetsTopic topic, Time time) {
    this.topic = topic;
    this.time = time;
  }

  @Override
  public CompletableFuture<LoadSummary> load(
      TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> coordinator) {
    CompletableFuture<LoadSummary> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("load-" + partition)
        .start(
            () -> {
              try {
                future.complete(new Replay(topic.log(partition), coordinator).run());
              } catch (RuntimeException e) {
                LOGGER.error("groups of {} could not be loaded", partition, e);
                future.completeExceptionally(e);
                topic.loaded(partition);
              }
            });
    return future;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** One pass over a partition; owned by the thread that runs it. */
  private final class Replay {

    private final PartitionLog log;
    private final CoordinatorPlayback<CoordinatorRecord> coordinator;
    private long offset;
    private long written;
    private long committed = -1;
    private long records;
    private long bytes;

    Replay(PartitionLog log, CoordinatorPlayback<CoordinatorRecord> coordinator) {
      this.log = log;
      this.coordinator = coordinator;
      this.offset = log.startOffset();
    }

    LoadSummary run() {
      long begin = time.milliseconds();
      long end = log.endOffset();
      while (offset < end) {
        MemoryRecords read;
        try {
          read = log.readChecked(offset, READ_BYTES, ReadIsolation.LOG_END).inMemory();
        } catch (DamagedRecordsException e) {
          // A group without its last commit goes on from the one before.
          offset = e.nextOffset();
          advance();
          continue;
        }
        if (read.sizeInBytes() == 0) {
          // Compaction may leave nothing up to the end.
          break;
        }
        for (RecordBatch batch : read.batches()) {
          if (closed) {
            throw new NotCoordinatorException("the coordinator is shutting down");
          }
          replay(batch);
        }
        bytes += read.sizeInBytes();
      }
      if (written < end) {
        // The end of the log was deleted; what is written next has the offset after it.
        offset = end;
        advance();
      }
      return new LoadSummary(begin, time.milliseconds(), 0, records, bytes);
    }

    private void replay(RecordBatch batch) {
      for (Record record : batch) {
        if (record.offset() < offset) {
          continue;
        }
        records++;
        if (batch.isControlBatch()) {
          replayMarker(batch, record);
        } else {
          replay(batch, record);
        }
      }
      offset = batch.nextOffset();
      advance();
    }

    private void replayMarker(RecordBatch batch, Record marker) {
      switch (ControlRecordType.parse(marker.key())) {
        case COMMIT ->
            coordinator.replayEndTransactionMarker(
                batch.producerId(), batch.producerEpoch(), TransactionResult.COMMIT);
        case ABORT ->
            coordinator.replayEndTransactionMarker(
                batch.producerId(), batch.producerEpoch(), TransactionResult.ABORT);
        default -> LOGGER.warn("a control record at {} is ignored", marker.offset());
      }
    }

    private void replay(RecordBatch batch, Record record) {
      CoordinatorRecord decoded;
      try {
        decoded = serde.deserialize(record.key(), record.value());
      } catch (UnknownRecordTypeException e) {
        LOGGER.warn(
            "a record of unknown type {} at {} of {} is ignored: a newer version wrote it",
            e.unknownType(),
            record.offset(),
            log.topicPartition());
        return;
      }
      coordinator.replay(record.offset(), batch.producerId(), batch.producerEpoch(), decoded);
    }

    /** Undoing is only possible back to what counts as committed, so that must keep up. */
    private void advance() {
      long highWatermark = log.highWatermark();
      if (offset >= highWatermark || offset - committed >= COMMIT_INTERVAL) {
        coordinator.updateLastWrittenOffset(offset);
        written = offset;
        long durable = Math.min(offset, highWatermark);
        if (durable > committed) {
          coordinator.updateLastCommittedOffset(durable);
          committed = durable;
        }
      }
    }
  }
}
