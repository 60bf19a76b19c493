package io.sluice.log;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * All partitions of one broker. Safe for use by many threads.
 *
 * <p>A log store knows partitions by the name of their topic and their index; which topics exist
 * and what they mean is the broker's business.
 */
public interface LogStore extends AutoCloseable {

  /**
   * Creates an empty partition, durably, and opens it.
   *
   * @param configs topic-level configuration that differs from the defaults, by Kafka's names
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException for an unknown or illegal
   *     config
   * @throws org.apache.kafka.common.errors.KafkaStorageException when the disk refuses
   * @throws IllegalStateException when the partition exists
   */
  PartitionLog create(TopicPartition partition, Uuid topicId, Map<String, String> configs);

  /** The open partition of that name, if there is one. */
  Optional<PartitionLog> partition(TopicPartition partition);

  /** All open partitions, in no particular order; a snapshot. */
  Collection<PartitionLog> partitions();

  /**
   * Replaces the topic-level configuration of every partition of these topics. Retention and
   * compaction of partitions that were there when the store was opened begin with this call.
   *
   * @param configs what differs from the defaults, by the name of the topic
   */
  void alterConfigs(Map<String, Map<String, String>> configs);

  /** The same for one topic. */
  default void alterConfigs(String topic, Map<String, String> configs) {
    alterConfigs(Map.of(topic, configs));
  }

  /** Closes the partition and removes its files; readers that wait on it are woken. */
  void delete(TopicPartition partition);

  /** What is wrong with the disk, a sentence each that names what is concerned; none is good. */
  default List<String> faults() {
    return List.of();
  }

  /** What is known to be damaged, by partition; everything around it can be read. */
  default Map<TopicPartition, List<DamagedRange>> damagedRanges() {
    return Map.of();
  }

  /** Flushes and closes every partition, and marks the shutdown as clean. */
  @Override
  void close();
}
