package io.sluice.log;

import io.sluice.log.clock.ClockTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of one data folder, laid out as Apache Kafka's log directory so that its tools can
 * read it. Safe for use by many threads; creation and deletion are serialized by the monitor.
 */
public final class DiskLogStore implements LogStore {

  private static final Logger LOGGER = LoggerFactory.getLogger(DiskLogStore.class);
  private static final long CHECKPOINT_INTERVAL_MS = 5_000;

  /** A busy partition fills a segment in seconds, and a recovery takes a second to read one. */
  private static final long RECOVERY_POINT_INTERVAL_MS = 1_000;

  private static final int BACKGROUND_THREADS = 2;

  /** How soon it is seen that a full disk has room again. */
  private static final long SPACE_INTERVAL_MS = 1_000;

  private final DataDirectory directory;
  private final KafkaScheduler scheduler = new KafkaScheduler(BACKGROUND_THREADS, true, "log-");
  private final ForkJoinPool flushThreads;
  private final DiskSpace space;
  private final Checkpoints checkpoints;
  private final Durability durability;
  private final PartitionFolders folders;
  private final Compaction compaction;
  private final ConcurrentMap<TopicPartition, DiskPartition> partitions = new ConcurrentHashMap<>();
  private final ConcurrentMap<TopicPartition, BrokenPartition> broken = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Map<String, String>> configs = new ConcurrentHashMap<>();
  private final ConcurrentMap<DiskPartition, Boolean> retired = new ConcurrentHashMap<>();

  /** Whether the checkpoints could not be written when they should have been. */
  private volatile boolean checkpointsAreStale;

  private DiskLogStore(
      DataDirectory directory, LogStoreOptions options, FlushFile flushFile, DiskSpace space) {
    this.directory = directory;
    this.space = space;
    // It wakes who slept last, whose stack is still in the processor's cache.
    this.flushThreads =
        new ForkJoinPool(options.flushThreads(), DiskLogStore::flushThread, null, true);
    LogDirFailureChannel failures = new LogDirFailureChannel(1);
    this.checkpoints = new Checkpoints(directory.path(), failures);
    this.compaction =
        new Compaction(
            directory.path(),
            options.compactionCheckInterval(),
            failures,
            ClockTime.of(options.clocks().cautious()));
    this.durability = options.durability();
    this.folders =
        new PartitionFolders(
            directory.path(),
            durability,
            PartitionClock.scheduler(scheduler),
            Flushing.with(flushThreads, flushFile),
            ClockTime.of(new PartitionClock(options.clocks())),
            space,
            compaction::hasCompacted,
            this::checkpoint);
  }

  private static ForkJoinWorkerThread flushThread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("log-flush-" + thread.getPoolIndex());
    return thread;
  }

  /**
   * Opens a data folder, creating it when it is missing, and recovers every partition in it, in
   * parallel.
   *
   * <p>A partition that is damaged beyond what recovery mends is offline, see {@link #faults}.
   *
   * @throws DataDirectoryException the folder cannot be written, another process uses it, or a
   *     newer Sluice wrote it; the message says which
   */
  public static DiskLogStore open(Path directory, LogStoreOptions options) {
    return open(directory, options, FlushFile.DATA);
  }

  static DiskLogStore open(Path directory, LogStoreOptions options, FlushFile flushFile) {
    return open(directory, options, flushFile, DiskSpace.of(directory, options.reserveBytes()));
  }

  static DiskLogStore open(
      Path directory, LogStoreOptions options, FlushFile flushFile, DiskSpace space) {
    DataDirectory locked = DataDirectory.lock(directory);
    KafkaMetrics.keepFromManagement();
    DiskLogStore store = new DiskLogStore(locked, options, flushFile, space);
    try {
      store.scheduler.startup();
      store.recover();
    } catch (IOException | RuntimeException e) {
      store.compaction.stop();
      store.stopThreads();
      locked.close();
      throw e instanceof RuntimeException unchecked
          ? unchecked
          : new DataDirectoryException("data folder " + directory + " cannot be read: " + e, e);
    }
    store.schedule(options);
    return store;
  }

  private void schedule(LogStoreOptions options) {
    long retentionMs = options.retentionCheckInterval().toMillis();
    scheduler.schedule("retention", this::applyRetention, retentionMs, retentionMs);
    long compactionMs = options.compactionCheckInterval().toMillis();
    scheduler.schedule("compaction", compaction::startWhenNeeded, compactionMs, compactionMs);
    scheduler.schedule("space", space::look, SPACE_INTERVAL_MS, SPACE_INTERVAL_MS);
    scheduler.schedule(
        "checkpoint",
        () -> {
          partitions.values().forEach(DiskPartition::announceStartOffset);
          checkpointOrLater();
        },
        CHECKPOINT_INTERVAL_MS,
        CHECKPOINT_INTERVAL_MS);
    scheduler.schedule(
        "recovery-points",
        () -> {
          if (checkpoints.areBehind(partitions.values())) {
            checkpointOrLater();
          }
        },
        RECOVERY_POINT_INTERVAL_MS,
        RECOVERY_POINT_INTERVAL_MS);
  }

  private void recover() throws IOException {
    boolean clean = directory.takeCleanShutdown();
    Map<TopicPartition, Checkpoints.Point> points = checkpoints.read();
    List<Path> found = new ArrayList<>();
    for (Path folder : directory.partitionFolders()) {
      if (DataDirectory.isDeleted(folder)) {
        Utils.delete(folder.toFile());
      } else {
        found.add(folder);
      }
    }
    if (!clean) {
      space.requireForRecovery(found.size());
    }
    LogConfig defaults = TopicConfigs.logConfig(Map.of());
    InParallel.each(
        found,
        folder -> {
          TopicPartition partition = UnifiedLog.parseTopicPartitionName(folder.toFile());
          try {
            opened(
                folders.recover(
                    folder,
                    defaults,
                    points.getOrDefault(partition, Checkpoints.Point.NOTHING),
                    clean));
          } catch (DataDirectoryException e) {
            throw e;
          } catch (IOException | RuntimeException e) {
            // Nothing of it is deleted: whoever repairs it, or moves it away, decides.
            String reason =
                "partition folder " + folder + " is damaged: " + PartitionFolders.rootCause(e);
            LOGGER.error("{}: everything else is served", reason);
            Checkpoints.Point point = points.getOrDefault(partition, Checkpoints.Point.NOTHING);
            broken.put(partition, new BrokenPartition(partition, point, reason));
          }
        });
    Set<TopicPartition> there = new HashSet<>(partitions.keySet());
    there.addAll(broken.keySet());
    if (!there.containsAll(points.keySet())) {
      // A partition to come must not begin where a deleted one of its name did.
      checkpoint();
    }
  }

  private void opened(DiskPartition partition) {
    partitions.put(partition.topicPartition(), partition);
    compaction.add(partition.log());
  }

  @Override
  public synchronized PartitionLog create(
      TopicPartition partition, Uuid topicId, Map<String, String> topicConfigs) {
    if (partition(partition).isPresent()) {
      throw new IllegalStateException("partition " + partition + " exists");
    }
    space.check();
    if (checkpointsAreStale) {
      // Or it could begin, after a crash, where a deleted one of its name did.
      checkpoint();
    }
    LogConfig config = TopicConfigs.logConfig(topicConfigs, durability);
    try {
      DiskPartition created = folders.create(partition, topicId, config);
      configs.put(partition.topic(), Map.copyOf(topicConfigs));
      opened(created);
      return created;
    } catch (IOException e) {
      throw new KafkaStorageException("cannot create partition " + partition, e);
    }
  }

  @Override
  public Optional<PartitionLog> partition(TopicPartition partition) {
    PartitionLog found = partitions.get(partition);
    return Optional.ofNullable(found == null ? broken.get(partition) : found);
  }

  @Override
  public Collection<PartitionLog> partitions() {
    return List.copyOf(partitions.values());
  }

  @Override
  public synchronized void alterConfigs(Map<String, Map<String, String>> configsOfTopics) {
    Map<String, LogConfig> altered = new HashMap<>();
    configsOfTopics.forEach(
        (topic, topicConfigs) -> {
          if (!topicConfigs.equals(configs.get(topic))) {
            altered.put(topic, TopicConfigs.logConfig(topicConfigs, durability));
          }
        });
    altered.keySet().forEach(topic -> configs.put(topic, Map.copyOf(configsOfTopics.get(topic))));
    for (DiskPartition partition : partitions.values()) {
      LogConfig config = altered.get(partition.topicPartition().topic());
      if (config != null) {
        updateConfig(partition, config);
      }
    }
  }

  private void updateConfig(DiskPartition partition, LogConfig config) {
    boolean compacted = partition.log().config().compact;
    partition.log().updateConfig(config);
    if (compacted && !config.compact) {
      compaction.abort(partition.topicPartition());
    }
  }

  @Override
  public synchronized void delete(TopicPartition partition) {
    DiskPartition deleted = partitions.remove(partition);
    if (deleted == null) {
      deleteBroken(partition);
      return;
    }
    deleted.retire("is deleted");
    compaction.remove(partition);
    deleted.log().renameDir(UnifiedLog.logDeleteDirName(partition), false);
    if (partitions.keySet().stream().noneMatch(p -> p.topic().equals(partition.topic()))) {
      configs.remove(partition.topic());
      folders.forget(partition.topic());
    }
    // Readers may still be sending from its files, so these go later, as Kafka's do.
    retired.put(deleted, true);
    scheduler.scheduleOnce(
        "delete-" + partition,
        () -> removeFiles(deleted),
        deleted.log().config().fileDeleteDelayMs);
    checkpointOrLater();
  }

  private void deleteBroken(TopicPartition partition) {
    if (broken.remove(partition) != null) {
      checkpointOrLater();
      try {
        Utils.delete(directory.path().resolve(partition.toString()).toFile());
      } catch (IOException e) {
        throw new KafkaStorageException("partition " + partition + " cannot be deleted", e);
      }
    }
  }

  private void removeFiles(DiskPartition deleted) {
    if (retired.remove(deleted) != null) {
      deleted.log().delete();
    }
  }

  /** Deletes what retention by time, by size and by start offset allows. */
  void applyRetention() {
    compaction.applyRetention(
        name -> {
          DiskPartition partition = partitions.get(name);
          // Before anybody has said what a recovered topic's configuration is, the defaults could
          // delete what it wants to keep.
          if (partition != null && configs.containsKey(name.topic())) {
            PartitionClock.deleting(partition::deleteOldSegments);
          }
        });
  }

  private void checkpoint() {
    checkpoints.write(partitions.values(), broken.values());
    checkpointsAreStale = false;
  }

  /** The next will do, where the disk is full: a crash until then costs a longer recovery. */
  private void checkpointOrLater() {
    try {
      checkpoint();
    } catch (KafkaStorageException e) {
      if (!checkpointsAreStale) {
        LOGGER.warn("the checkpoints cannot be written now", e);
      }
      checkpointsAreStale = true;
    }
  }

  /** Notices whether there is room; the scheduler does so every second. */
  void lookAtSpace() {
    space.look();
  }

  @Override
  public Map<TopicPartition, List<DamagedRange>> damagedRanges() {
    Map<TopicPartition, List<DamagedRange>> damaged = new HashMap<>();
    partitions.forEach(
        (name, partition) -> {
          if (!partition.damagedRanges().isEmpty()) {
            damaged.put(name, partition.damagedRanges());
          }
        });
    return damaged;
  }

  @Override
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (space.isFull()) {
      faults.add("the disk of " + directory.path() + " is full");
    }
    partitions.values().forEach(partition -> partition.fault().ifPresent(faults::add));
    broken.values().forEach(partition -> faults.add(partition.reason()));
    return faults;
  }

  @Override
  public synchronized void close() {
    compaction.stop();
    InParallel.each(partitions.values(), DiskPartition::close);
    retired.keySet().forEach(this::removeFiles);
    checkpointOrLater();
    stopThreads();
    try {
      if (!checkpointsAreStale
          && broken.isEmpty()
          && partitions.values().stream().noneMatch(DiskPartition::failed)) {
        directory.markCleanShutdown();
      }
    } catch (Exception e) {
      LOGGER.error("the data folder could not be marked as closed: it will be recovered", e);
    }
    partitions.clear();
    directory.close();
  }

  private void stopThreads() {
    flushThreads.shutdown();
    try {
      scheduler.shutdown();
      if (!flushThreads.awaitTermination(10, TimeUnit.SECONDS)) {
        LOGGER.warn("a flush had not ended after 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
