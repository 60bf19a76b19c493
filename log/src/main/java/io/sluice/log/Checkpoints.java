package io.sluice.log;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogManager;

/**
 * Where recovery of each partition begins, and where its records begin: two small files, as Apache
 * Kafka keeps them, written anew as a whole and flushed. Guarded by its own monitor.
 */
final class Checkpoints {

  private final OffsetCheckpointFile recoveryPoints;
  private final OffsetCheckpointFile startOffsets;
  private Map<TopicPartition, Long> writtenRecoveryPoints = Map.of();
  private Map<TopicPartition, Long> writtenStartOffsets = Map.of();

  Checkpoints(Path directory, LogDirFailureChannel failures) {
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
  synchronized Map<TopicPartition, Long> readRecoveryPoints() {
    writtenRecoveryPoints = Map.copyOf(recoveryPoints.read());
    return writtenRecoveryPoints;
  }

  /** As they were written last, by this process or one before it. */
  synchronized Map<TopicPartition, Long> readStartOffsets() {
    writtenStartOffsets = Map.copyOf(startOffsets.read());
    return writtenStartOffsets;
  }

  /** Writes what changed since the last time; durable on return. */
  synchronized void write(Iterable<DiskPartition> partitions) {
    Map<TopicPartition, Long> recovery = new HashMap<>();
    Map<TopicPartition, Long> start = new HashMap<>();
    for (DiskPartition partition : partitions) {
      recovery.put(partition.topicPartition(), partition.recoveryPoint());
      if (partition.startOffset() > 0) {
        start.put(partition.topicPartition(), partition.startOffset());
      }
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
