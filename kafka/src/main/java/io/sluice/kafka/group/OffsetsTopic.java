package io.sluice.kafka.group;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/**
 * The internal topic {@code __consumer_offsets}, where the coordinator keeps its state. Immutable,
 * but for the progress of loading, which any thread may report and await.
 */
final class OffsetsTopic {

  static final String NAME = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

  /**
   * Kafka's default is 50, to spread groups over the brokers of a cluster. Here a partition is only
   * a unit of parallelism (one thread at a time, one flush at a time), and each costs files, start
   * time and memory. A group's partition follows from its name and this number, so the number never
   * changes once the topic exists.
   */
  static final int DEFAULT_PARTITIONS = 8;

  /** A partition, and whether the coordinator has read it. */
  private record Entry(PartitionLog log, CountDownLatch loaded) {}

  private final Topics topics;
  private final Topic opened;
  private final List<Entry> entries;

  private OffsetsTopic(Topics topics, Topic opened, List<Entry> entries) {
    this.topics = topics;
    this.opened = opened;
    this.entries = entries;
  }

  static boolean exists(Topics topics) {
    return topics.find(NAME).isPresent();
  }

  /** Finds the topic, or creates it with the configuration that Kafka gives it. */
  static OffsetsTopic open(Topics topics, GroupCoordinatorConfig config) {
    Topic topic = topics.find(NAME).orElseGet(() -> create(topics, config));
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < topic.partitions(); i++) {
      entries.add(new Entry(topics.partition(NAME, i), new CountDownLatch(1)));
    }
    return new OffsetsTopic(topics, topic, List.copyOf(entries));
  }

  private static Topic create(Topics topics, GroupCoordinatorConfig config) {
    Map<String, String> configs =
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            "producer",
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(config.offsetsTopicSegmentBytes()));
    return topics.create(
        new NewTopic(NAME, TopicKind.INTERNAL, config.offsetsTopicPartitions(), configs, Map.of()));
  }

  /** The topic-level configuration that differs from the built-in defaults, as it is now. */
  Map<String, String> configs() {
    return topics.layers(topics.find(NAME).orElse(opened)).effective();
  }

  int partitions() {
    return entries.size();
  }

  TopicPartition partition(int index) {
    return new TopicPartition(NAME, index);
  }

  /**
   * One partition.
   *
   * @throws NotLeaderOrFollowerException it is not a partition of this topic
   */
  PartitionLog log(TopicPartition partition) {
    return entry(partition).log();
  }

  private Entry entry(TopicPartition partition) {
    if (!partition.topic().equals(NAME) || partition.partition() >= entries.size()) {
      throw new NotLeaderOrFollowerException("no partition " + partition);
    }
    return entries.get(partition.partition());
  }

  /** The coordinator has read the partition, or failed to. */
  void loaded(TopicPartition partition) {
    entry(partition).loaded().countDown();
  }

  /** Waits until all partitions are loaded. */
  void awaitLoaded() throws InterruptedException {
    for (Entry entry : entries) {
      entry.loaded().await();
    }
  }

  /**
   * Waits until every partition is loaded.
   *
   * @return whether they are; otherwise {@code bound} is over
   */
  boolean awaitLoaded(Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    for (Entry entry : entries) {
      if (!entry.loaded().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }
}
