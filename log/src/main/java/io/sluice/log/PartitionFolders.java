package io.sluice.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogOffsetsListener;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates and opens the folders of partitions with everything that Kafka's {@link UnifiedLog} asks
 * for. Safe for use by many threads.
 */
final class PartitionFolders {

  private static final Logger LOGGER = LoggerFactory.getLogger(PartitionFolders.class);

  /** Kafka's {@code transaction.max.timeout.ms} and {@code producer.id.expiration.*} defaults. */
  private static final int MAX_TRANSACTION_TIMEOUT_MS = 15 * 60 * 1000;

  private static final int PRODUCER_ID_EXPIRATION_MS = 24 * 60 * 60 * 1000;
  private static final int PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS = 10 * 60 * 1000;

  private static final int OPEN_ATTEMPTS = 3;

  private final Path directory;
  private final Durability durability;
  private final Scheduler scheduler;
  private final Flushing flushing;
  private final Time time;
  private final DiskSpace space;
  private final Predicate<TopicPartition> wasCompacted;
  private final Runnable startOffsetMoved;
  private final BrokerTopicStats stats = new BrokerTopicStats();

  PartitionFolders(
      Path directory,
      Durability durability,
      Scheduler scheduler,
      Flushing flushing,
      Time time,
      DiskSpace space,
      Predicate<TopicPartition> wasCompacted,
      Runnable startOffsetMoved) {
    this.directory = directory;
    this.durability = durability;
    this.scheduler = scheduler;
    this.flushing = flushing;
    this.time = time;
    this.space = space;
    this.wasCompacted = wasCompacted;
    this.startOffsetMoved = startOffsetMoved;
  }

  /** A new, empty partition; its folder and its topic id are durable on return. */
  DiskPartition create(TopicPartition partition, Uuid topicId, LogConfig config)
      throws IOException {
    Path folder = folder(partition);
    Files.createDirectory(folder);
    try {
      return fill(folder, topicId, config);
    } catch (IOException | RuntimeException e) {
      // Or it would stand in the way of the next attempt.
      try {
        Utils.delete(folder.toFile());
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private DiskPartition fill(Path folder, Uuid topicId, LogConfig config) throws IOException {
    PartitionMetadataFile metadata =
        new PartitionMetadataFile(
            PartitionMetadataFile.newFile(folder.toFile()), new LogDirFailureChannel(1));
    metadata.record(topicId);
    metadata.maybeFlush();
    PartitionFailures failures = new PartitionFailures();
    UnifiedLog log = open(folder, config, 0, 0, true, Optional.of(topicId), failures);
    if (durability == Durability.FSYNC || config.flushInterval == 1) {
      Utils.flushDir(folder);
      Utils.flushDir(directory);
    }
    return partition(log, failures, DamagedRanges.of(folder));
  }

  /**
   * Recovers an existing partition; what it holds is durable on return.
   *
   * @param clean whether the process that had it before closed it
   */
  DiskPartition recover(Path folder, LogConfig config, Checkpoints.Point point, boolean clean)
      throws IOException {
    DamagedRanges damaged = DamagedRanges.of(folder);
    long before = clean ? 0 : WrittenBytes.in(folder);
    if (!clean) {
      SegmentRepair.beforeRecovery(
          folder, damaged, point.recoveryPoint(), point.durableTo(), point.durableTo());
    }
    DiskPartition partition;
    try {
      partition = opened(folder, config, point, clean, damaged);
      if (partition.endOffset() < point.durableTo()) {
        partition.log().closeHandlers();
        throw new IOException("it ends before what was acknowledged");
      }
    } catch (IOException | RuntimeException e) {
      LOGGER.warn(
          "{} cannot be opened as it is, all but its records is made anew: {}",
          folder,
          rootCause(e).toString());
      partition = rebuilt(folder, config, point, damaged);
    }
    UnifiedLog log = partition.log();
    long cut = before - WrittenBytes.in(folder);
    if (cut > 0 && !clean) {
      LOGGER.warn(
          "{} was not closed: {} bytes after its last whole batch, which ends at offset {}, are"
              + " cut",
          log.topicPartition(),
          cut,
          log.logEndOffset() - 1);
    }
    if (log.logEndOffset() < point.durableTo()) {
      LOGGER.error(
          "{} has lost its end: records {} to {} had been acknowledged",
          log.topicPartition(),
          log.logEndOffset(),
          point.durableTo() - 1);
    }
    if (durability == Durability.FSYNC && log.recoveryPoint() < log.logEndOffset()) {
      log.flush(false);
    }
    return partition;
  }

  /** Of its records alone. */
  private DiskPartition rebuilt(
      Path folder, LogConfig config, Checkpoints.Point point, DamagedRanges damaged)
      throws IOException {
    Checkpoints.Point whole = new Checkpoints.Point(0, point.startOffset(), point.durableTo());
    for (int attempt = 1; ; attempt++) {
      SegmentRepair.deleteRebuilt(folder);
      SegmentRepair.beforeRecovery(folder, damaged, 0, point.durableTo(), Long.MAX_VALUE);
      try {
        return opened(folder, config, whole, false, damaged);
      } catch (IOException | RuntimeException e) {
        // What an attempt before has left to the scheduler may have been in the way.
        if (attempt == OPEN_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }

  private DiskPartition opened(
      Path folder, LogConfig config, Checkpoints.Point point, boolean clean, DamagedRanges damaged)
      throws IOException {
    PartitionFailures failures = new PartitionFailures();
    UnifiedLog log =
        open(
            folder,
            config,
            point.startOffset(),
            point.recoveryPoint(),
            clean,
            Optional.empty(),
            failures);
    return partition(log, failures, damaged);
  }

  private DiskPartition partition(UnifiedLog log, PartitionFailures failures, DamagedRanges damaged)
      throws IOException {
    return new DiskPartition(
        log,
        failures,
        damaged,
        () -> wasCompacted.test(log.topicPartition()),
        space,
        durability,
        flushing,
        startOffsetMoved);
  }

  private UnifiedLog open(
      Path folder,
      LogConfig config,
      long startOffset,
      long recoveryPoint,
      boolean clean,
      Optional<Uuid> topicId,
      PartitionFailures failures)
      throws IOException {
    return UnifiedLog.create(
        folder.toFile(),
        config,
        startOffset,
        recoveryPoint,
        scheduler,
        stats,
        time,
        MAX_TRANSACTION_TIMEOUT_MS,
        new ProducerStateManagerConfig(PRODUCER_ID_EXPIRATION_MS, true),
        PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS,
        // One of its own, since Kafka refuses whatever shares it from the first failure on.
        failures,
        clean,
        topicId,
        new ConcurrentHashMap<>(Map.of()),
        false,
        LogOffsetsListener.NO_OP_OFFSETS_LISTENER);
  }

  /**
   * The folder of a partition.
   *
   * @throws IllegalArgumentException a name that would lead out of the data folder
   */
  private Path folder(TopicPartition partition) {
    Path folder = directory.resolve(UnifiedLog.logDirName(partition)).normalize();
    if (!directory.equals(folder.getParent())) {
      throw new IllegalArgumentException("not a partition's name: " + partition);
    }
    return folder;
  }

  /** Gives up whatever was remembered about a topic of which no partition is left. */
  void forget(String topic) {
    stats.removeMetrics(topic);
  }
}
