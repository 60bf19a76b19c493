package io.sluice.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.CleanerConfig;
import org.apache.kafka.storage.internals.log.LogCleaner;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.UnifiedLog;

/**
 * Keeps the last record of each key in the partitions whose {@code cleanup.policy} says {@code
 * compact}: Apache Kafka's own cleaner, whose thread and buffers exist only once there is something
 * to compact. Also keeps it apart from retention, which must not delete what is being rewritten.
 * Safe for use by many threads; starting, stopping and retention are serialized by the monitor.
 */
final class Compaction {

  /**
   * Kafka's default is 128 MiB, from which it compacts 5 million distinct keys at once; 4 MiB hold
   * 157,000, and a partition with more of them is compacted in several passes.
   */
  private static final long KEYS_BUFFER_BYTES = 4L << 20;

  private static final double KEYS_BUFFER_LOAD_FACTOR = 0.9;

  /** Kafka's default; half of it to read and half to write. It grows for a larger batch. */
  private static final int IO_BUFFER_BYTES = 512 << 10;

  /** Kafka's default {@code message.max.bytes}: what the buffers may grow to in any case. */
  private static final int MAX_MESSAGE_BYTES = (1 << 20) + 12;

  private final ConcurrentMap<TopicPartition, UnifiedLog> logs = new ConcurrentHashMap<>();
  private final Path directory;
  private final LogCleaner cleaner;
  private boolean started;
  private boolean stopped;

  /**
   * Prepares the compaction of the partitions in {@code directory}.
   *
   * @param interval how long the cleaner rests when there is nothing to compact
   */
  Compaction(Path directory, Duration interval, LogDirFailureChannel failures, Time time) {
    this.directory = directory;
    CleanerConfig config =
        new CleanerConfig(
            1,
            KEYS_BUFFER_BYTES,
            KEYS_BUFFER_LOAD_FACTOR,
            IO_BUFFER_BYTES,
            MAX_MESSAGE_BYTES,
            Double.MAX_VALUE,
            interval.toMillis(),
            true);
    this.cleaner = new LogCleaner(config, List.of(directory.toFile()), logs, failures, time);
  }

  /** A partition was opened, compacted or not: its configuration may change later. */
  void add(UnifiedLog log) {
    logs.put(log.topicPartition(), log);
  }

  /** A partition is about to be deleted: on return nothing here touches it any more. */
  void remove(TopicPartition partition) {
    logs.remove(partition);
    cleaner.abortCleaning(partition);
    if (cleaner.cleanerManager().allCleanerCheckpoints().containsKey(partition)) {
      cleaner.updateCheckpoints(directory.toFile(), Optional.of(partition));
    }
  }

  /** Whether some of its records may have been compacted away. */
  boolean hasCompacted(TopicPartition partition) {
    return cleaner.cleanerManager().allCleanerCheckpoints().containsKey(partition);
  }

  /** A partition is compacted no more: on return nothing is rewriting it. */
  void abort(TopicPartition partition) {
    cleaner.abortCleaning(partition);
  }

  /** Starts the cleaner when a compacted partition has more than the segment it appends to. */
  synchronized void startWhenNeeded() {
    if (!started && !stopped && logs.values().stream().anyMatch(Compaction::compactable)) {
      started = true;
      cleaner.startup();
    }
  }

  private static boolean compactable(UnifiedLog log) {
    return log.config().compact && log.numberOfSegments() > 1;
  }

  /**
   * Does {@code retention} to each partition while it is not being compacted. Once the cleaner
   * runs, it applies retention to the compacted partitions itself.
   */
  synchronized void applyRetention(Consumer<TopicPartition> retention) {
    if (stopped) {
      return;
    }
    if (!started) {
      logs.keySet().forEach(retention);
      return;
    }
    Map<TopicPartition, UnifiedLog> paused = cleaner.pauseCleaningForNonCompactedPartitions();
    try {
      paused.keySet().forEach(retention);
    } finally {
      cleaner.resumeCleaning(Set.copyOf(paused.keySet()));
    }
  }

  /** Ends a rewrite that runs, whose original stays as it was, and the cleaner's thread. */
  synchronized void stop() {
    if (!stopped) {
      stopped = true;
      cleaner.shutdown();
    }
  }
}
