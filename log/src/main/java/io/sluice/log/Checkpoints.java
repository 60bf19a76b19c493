package io.sluice.log;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where recovery of each partition begins, where its records begin, and what of it was durable:
 * small files, written anew as a whole and flushed. Ours has a checksum, and is believed; two
 * others say part of it as Apache Kafka does, for its tools. Guarded by its own monitor.
 */
final class Checkpoints {

  private static final Logger LOGGER = LoggerFactory.getLogger(Checkpoints.class);

  /**
   * What is known of a partition.
   *
   * @param recoveryPoint where recovery begins
   * @param startOffset the first record that has not been deleted
   * @param durableTo one past the last record that was durable, at least; 0 when nobody knows
   */
  record Point(long recoveryPoint, long startOffset, long durableTo) {
    static final Point NOTHING = new Point(0, 0, 0);
  }

  private final PointsFile points;
  private final OffsetCheckpointFile recoveryPoints;
  private final OffsetCheckpointFile startOffsets;
  private Map<TopicPartition, Point> written = Map.of();
  private Map<TopicPartition, Long> writtenRecoveryPoints = Map.of();
  private Map<TopicPartition, Long> writtenStartOffsets = Map.of();

  Checkpoints(Path directory, LogDirFailureChannel failures) {
    this.points = new PointsFile(directory);
    try {
      this.recoveryPoints = open(directory, LogManager.RECOVERY_POINT_CHECKPOINT_FILE, failures);
      this.startOffsets = open(directory, LogManager.LOG_START_OFFSET_CHECKPOINT_FILE, failures);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OffsetCheckpointFile open(
      Path directory, String name, LogDirFailureChannel failures) throws IOException {
    File file = directory.resolve(name).toFile();
    return new OffsetCheckpointFile(file, failures);
  }

  /** As they were written last, by this process or one before it. */
  synchronized Map<TopicPartition, Point> read() throws IOException {
    written = points.read().orElseGet(this::readKafkas);
    return written;
  }

  /** Nothing else is there in a folder of an older Sluice. */
  private Map<TopicPartition, Point> readKafkas() {
    Map<TopicPartition, Point> read = new HashMap<>();
    Map<TopicPartition, Long> start = readKafkas(startOffsets);
    Map<TopicPartition, Long> recovery = readKafkas(recoveryPoints);
    start.forEach((partition, offset) -> read.put(partition, new Point(0, offset, 0)));
    recovery.forEach(
        (partition, offset) ->
            read.put(partition, new Point(offset, start.getOrDefault(partition, 0L), 0)));
    return read;
  }

  private static Map<TopicPartition, Long> readKafkas(OffsetCheckpointFile file) {
    try {
      return file.read();
    } catch (KafkaStorageException | IllegalArgumentException e) {
      LOGGER.error("a checkpoint is damaged: deleted records may come back", e);
      return Map.of();
    }
  }

  /** Whether a recovery would begin in an older segment than it has to. */
  synchronized boolean areBehind(Iterable<DiskPartition> partitions) {
    for (DiskPartition partition : partitions) {
      Point point = written.getOrDefault(partition.topicPartition(), Point.NOTHING);
      if (point.recoveryPoint() < partition.checkpoint().recoveryPoint()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes what changed since the last time; durable on return.
   *
   * @param broken whose checkpoints stay as they were
   */
  synchronized void write(Iterable<DiskPartition> partitions, Iterable<BrokenPartition> broken) {
    Map<TopicPartition, Point> now = new HashMap<>();
    broken.forEach(partition -> now.put(partition.topicPartition(), partition.checkpoint()));
    Map<TopicPartition, Long> recovery = new HashMap<>();
    Map<TopicPartition, Long> start = new HashMap<>();
    partitions.forEach(partition -> now.put(partition.topicPartition(), partition.checkpoint()));
    now.forEach(
        (partition, point) -> {
          recovery.put(partition, point.recoveryPoint());
          if (point.startOffset() > 0) {
            start.put(partition, point.startOffset());
          }
        });
    if (!now.equals(written)) {
      try {
        points.write(now);
      } catch (IOException e) {
        throw new KafkaStorageException("the checkpoints cannot be written", e);
      }
      written = now;
    }
    if (!recovery.equals(writtenRecoveryPoints)) {
      recoveryPoints.write(recovery);
      writtenRecoveryPoints = recovery;
    }
    if (!start.equals(writtenStartOffsets)) {
      startOffsets.write(start);
      writtenStartOffsets = start;
    }
  }
}
