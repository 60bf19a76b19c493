package io.sluice.broker;

import io.sluice.log.LayeredConfigs;
import io.sluice.log.PartitionLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * The topics and their partitions. Safe for use by many threads. A change is durable, and visible
 * to every door, when its method returns. Errors are Kafka's own exceptions.
 */
public interface Topics {

  /**
   * Creates a topic.
   *
   * @throws org.apache.kafka.common.errors.TopicExistsException the name is taken, or collides with
   *     another as Kafka's metric names would ({@code a.b} and {@code a_b})
   * @throws org.apache.kafka.common.errors.InvalidTopicException an illegal name
   * @throws org.apache.kafka.common.errors.InvalidPartitionsException fewer than one partition
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException an unknown or illegal
   *     config
   * @throws org.apache.kafka.common.errors.PolicyViolationException one of the broker's limits on
   *     topics and partitions
   */
  Topic create(NewTopic topic);

  /**
   * Makes the checks of {@link #create} and creates nothing.
   *
   * @return the topic as it would be, but for its id
   */
  Topic validate(NewTopic topic);

  /** The topic of that name. */
  Optional<Topic> find(String name);

  /** The topic of that id. */
  Optional<Topic> find(Uuid id);

  /** Every topic, internal ones included, in the order of their names. */
  List<Topic> list();

  /**
   * The configs of a topic of that kind that sets {@code ofTopic}, with what brokers set for topics
   * that do not (KIP-226).
   */
  LayeredConfigs layers(TopicKind kind, Map<String, String> ofTopic);

  /** The configs of a topic, with what brokers set for topics that do not. */
  default LayeredConfigs layers(Topic topic) {
    return layers(topic.kind(), topic.configs());
  }

  /**
   * Raises the number of partitions to {@code total}.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   * @throws org.apache.kafka.common.errors.InvalidPartitionsException not more than there are
   */
  Topic addPartitions(String name, int total);

  /**
   * Replaces the topic-level configuration.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException an unknown or illegal
   *     config
   */
  Topic alterConfigs(String name, Map<String, String> configs);

  /**
   * Replaces the attributes.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   */
  Topic setAttributes(String name, Map<String, String> attributes);

  /**
   * Deletes a topic with its records, and ends every source that reads it. What a queue has not yet
   * received from it stays receivable from that queue, as with SNS, whose queues hold copies.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   */
  void delete(String name);

  /**
   * One partition.
   *
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic or
   *     partition
   */
  PartitionLog partition(String topic, int partition);

  /**
   * Calls {@code listener} after each change to the topics, on the thread that made the change and
   * before its method returns; not for the topics that exist already.
   */
  void addListener(TopicListener listener);
}
