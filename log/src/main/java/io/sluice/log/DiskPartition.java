package io.sluice.log;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogOffsetMetadata;
import org.apache.kafka.storage.internals.log.LogStartOffsetIncrementReason;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition in a folder: Apache Kafka's {@link UnifiedLog}, whose high watermark is what has been
 * flushed. Safe for use by many threads; the log has its own lock.
 */
final class DiskPartition implements PartitionLog {

  private static final Logger LOGGER = LoggerFactory.getLogger(DiskPartition.class);
  private static final int LEADER_EPOCH = 0;
  private static final CompletableFuture<Void> ALREADY_DURABLE =
      CompletableFuture.completedFuture(null);

  private final UnifiedLog log;
  private final Uuid topicId;
  private final Durability durability;
  private final RecoveredBatches recovered;
  private final ZerosAhead zerosAhead;
  private final PartitionFailures failures;
  private final LogWriter writer;
  private final LogReader reader;
  private final DamagedRanges damaged;
  private final GroupCommit groupCommit;
  private final SharedAppends sharedAppends;
  private final Runnable startOffsetMoved;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean offline;

  /** Why what is on disk cannot be trusted, and a restart must look; null while it can. */
  private volatile @Nullable String fault;

  /** Owned by the thread that writes checkpoints. */
  private long announcedStartOffset;

  /**
   * Opens the door to a recovered log; everything in it counts as durable.
   *
   * @param startOffsetMoved makes a new start offset durable
   */
  DiskPartition(
      UnifiedLog log,
      PartitionFailures failures,
      DamagedRanges damaged,
      BooleanSupplier wasCompacted,
      DiskSpace space,
      Durability durability,
      Flushing flushing,
      Runnable startOffsetMoved)
      throws IOException {
    this.log = log;
    this.failures = failures;
    this.topicId = log.topicId().orElse(Uuid.ZERO_UUID);
    this.durability = durability;
    this.startOffsetMoved = startOffsetMoved;
    this.announcedStartOffset = log.logStartOffset();
    log.updateHighWatermark(log.logEndOffsetMetadata());
    this.recovered = new RecoveredBatches(log);
    this.zerosAhead = new ZerosAhead(log);
    this.writer = new LogWriter(log, zerosAhead, failures, space);
    this.reader = new LogReader(log, writer, damaged, wasCompacted);
    this.damaged = damaged;
    this.groupCommit = new GroupCommit(log, flushing, zerosAhead, new CommitOutcome());
    this.sharedAppends =
        new SharedAppends(new CrowdsWriter(this, groupCommit), () -> log.config().maxMessageSize());
  }

  @Override
  public TopicPartition topicPartition() {
    return log.topicPartition();
  }

  @Override
  public Uuid topicId() {
    return topicId;
  }

  @Override
  public Appended appendUnflushed(
      MemoryRecords records, AppendSource source, TransactionAppend transaction) {
    checkOnline();
    LogAppendInfo info;
    try {
      info = appendAsLeader(records, source, transaction);
    } catch (OutOfOrderSequenceException e) {
      return recovered.find(records).orElseThrow(() -> e);
    }
    CompletableFuture<Void> durable =
        switch (durability) {
          case FSYNC -> groupCommit.durable(info.lastOffset() + 1);
          case OS -> {
            advance(log.logEndOffsetMetadata());
            yield ALREADY_DURABLE;
          }
        };
    return new Appended(
        info.firstOffset(), info.lastOffset(), info.logAppendTime(), log.logStartOffset(), durable);
  }

  @Override
  public CompletableFuture<Long> append(List<SimpleRecord> records) {
    return switch (durability) {
      case FSYNC -> sharedAppends.append(records);
      // An append that waits for no disk is quicker than a hand-over.
      case OS -> PartitionLog.super.append(records);
    };
  }

  @Override
  public void startFlush() {
    groupCommit.start();
  }

  @Override
  public void flush() {
    groupCommit.flushHere();
  }

  private LogAppendInfo appendAsLeader(
      MemoryRecords records, AppendSource source, TransactionAppend transaction) {
    try {
      return writer.append(records, source, LEADER_EPOCH, transaction);
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException | KafkaStorageException e) {
      throw failed("append", e);
    } catch (KafkaException e) {
      // So Kafka wraps it where it looks into the segment's first batch.
      throw e.getCause() instanceof ClosedChannelException closed ? failed("append", closed) : e;
    }
  }

  @Override
  public Optional<TransactionAppend> startVerification(
      long producerId, short producerEpoch, int baseSequence, boolean endsBumpEpoch) {
    checkOnline();
    return writer.startVerification(producerId, producerEpoch, baseSequence, endsBumpEpoch);
  }

  @Override
  public List<DescribeProducersResponseData.ProducerState> activeProducers() {
    return log.activeProducers();
  }

  /** A partition that could not be written takes nothing more. */
  private KafkaStorageException failed(String what, Exception cause) {
    String message = what + " of " + topicPartition() + " failed";
    fail(message, failures.cause() == null ? cause : failures.cause());
    return new KafkaStorageException(message, cause);
  }

  private void fail(String message, @Nullable Exception cause) {
    if (!offline) {
      LOGGER.error("{}: it is offline until a restart recovers it", message, cause);
      fault = message + ": " + (cause == null ? "unknown" : cause.getMessage());
    }
    offline = true;
    listeners.forEach(Runnable::run);
  }

  private void advance(LogOffsetMetadata durableEnd) {
    try {
      log.maybeIncrementHighWatermark(durableEnd);
    } catch (IOException e) {
      throw new KafkaStorageException("high watermark of " + topicPartition(), e);
    }
    listeners.forEach(Runnable::run);
  }

  @Override
  public Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation) {
    return reading(offset, () -> reader.read(offset, maxBytes, atLeastOneBatch, isolation));
  }

  @Override
  public Fetched readChecked(long offset, int maxBytes, ReadIsolation isolation) {
    return reading(offset, () -> reader.readChecked(offset, maxBytes, isolation));
  }

  private Fetched reading(long offset, ZerosAhead.Change<Fetched> read) {
    checkOnline();
    try {
      return read.apply();
    } catch (IOException | KafkaStorageException e) {
      // What can be written, and read elsewhere, is not at fault.
      throw failures.isFatal()
          ? failed("read", e)
          : new KafkaStorageException("read of " + topicPartition() + " at " + offset, e);
    }
  }

  @Override
  public long startOffset() {
    return log.logStartOffset();
  }

  @Override
  public long highWatermark() {
    return log.highWatermark();
  }

  @Override
  public long lastStableOffset() {
    return log.lastStableOffset();
  }

  @Override
  public long endOffset() {
    return log.logEndOffset();
  }

  @Override
  public int leaderEpoch() {
    return LEADER_EPOCH;
  }

  @Override
  public Optional<TimestampedOffset> findByTimestamp(long timestampMs, ReadIsolation isolation) {
    checkOnline();
    return TimestampSearch.atOrAfter(log, timestampMs, isolation);
  }

  @Override
  public Optional<TimestampedOffset> findMaxTimestamp() {
    checkOnline();
    return TimestampSearch.greatest(log);
  }

  @Override
  public Optional<EpochEnd> endOffsetForEpoch(int leaderEpoch) {
    return log.endOffsetForEpoch(leaderEpoch)
        .map(found -> new EpochEnd(found.epoch(), found.offset()));
  }

  @Override
  public long deleteRecordsBefore(long offset) {
    checkOnline();
    if (log.maybeIncrementLogStartOffset(
        offset, LogStartOffsetIncrementReason.ClientRecordDeletion)) {
      startOffsetMoved.run();
      listeners.forEach(Runnable::run);
      if (!log.config().compact) {
        deleteOldSegments();
      }
    }
    return log.logStartOffset();
  }

  @Override
  public long sizeInBytes() {
    return log.size();
  }

  @Override
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  Checkpoints.Point checkpoint() {
    long durableTo = durability == Durability.FSYNC ? log.highWatermark() : 0;
    // Kafka's own flush of a full segment may be told that all is well where ours was told that it
    // is not, for Linux says it once: recovery must not begin behind what is promised.
    return new Checkpoints.Point(
        Math.min(log.recoveryPoint(), log.highWatermark()), log.logStartOffset(), durableTo);
  }

  /** Applies retention by time, by size and by start offset. */
  void deleteOldSegments() {
    if (offline) {
      return;
    }
    try {
      // A new segment begins when it deletes the newest.
      if (writer.change(log::deleteOldSegments) > 0) {
        listeners.forEach(Runnable::run);
      }
    } catch (IOException | KafkaStorageException e) {
      LOGGER.error("retention of {} failed", topicPartition(), e);
    }
  }

  /** Tells the listeners of a start offset that the cleaner moved, which tells nobody. */
  void announceStartOffset() {
    long now = log.logStartOffset();
    if (now > announcedStartOffset) {
      announcedStartOffset = now;
      listeners.forEach(Runnable::run);
    }
  }

  UnifiedLog log() {
    return log;
  }

  /**
   * Acknowledges what was appended, flushes indexes and producer state too, and lets go of the
   * files.
   */
  void close() {
    offline = true;
    if (durability == Durability.FSYNC) {
      // Whoever waits learns how it ended from its own future.
      CompletableFuture<Void> durable = groupCommit.durable(log.logEndOffset());
      groupCommit.start();
      durable.exceptionally(failed -> null).join();
    }
    retire("is closed");
    if (failed()) {
      log.closeHandlers();
      return;
    }
    try {
      log.flush(true);
      log.close();
    } catch (KafkaStorageException e) {
      LOGGER.error("close of {} failed: a restart recovers it", topicPartition(), e);
      fault = "close of " + topicPartition() + " failed";
    }
  }

  /** Whether a restart must recover it. */
  boolean failed() {
    return fault != null || failures.isFatal();
  }

  /** What of it is damaged and not deleted yet. */
  List<DamagedRange> damagedRanges() {
    return damaged.ranges().stream()
        .filter(range -> range.nextOffset() > log.logStartOffset())
        .toList();
  }

  /** Why it is offline though nobody has closed it. */
  Optional<String> fault() {
    return Optional.ofNullable(fault);
  }

  /** Refuses every later call and wakes whoever waits. */
  void retire(String reason) {
    offline = true;
    zerosAhead.end();
    groupCommit.fail(new KafkaStorageException("partition " + topicPartition() + " " + reason));
    listeners.forEach(Runnable::run);
  }

  private void checkOnline() {
    if (offline) {
      throw new KafkaStorageException("partition " + topicPartition() + " is offline");
    }
  }

  private final class CommitOutcome implements GroupCommit.Outcome {
    @Override
    public void durableTo(LogOffsetMetadata end) throws IOException {
      // Where Kafka flushes too, after a roll, it may be the only one to hear that the disk failed.
      if (failures.isFatal()) {
        throw new IOException("the partition has failed before", failures.cause());
      }
      advance(end);
    }

    @Override
    public void failed(Exception cause) {
      fail("flush of " + topicPartition() + " failed", cause);
    }
  }
}
