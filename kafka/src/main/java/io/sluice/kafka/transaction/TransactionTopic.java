package io.sluice.kafka.transaction;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.transaction.TransactionLogConfig;

/**
 * The internal topic {@code __transaction_state}, where the coordinator keeps its state. Immutable.
 */
record TransactionTopic(List<PartitionLog> partitions) {

  static final String NAME = org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;

  /**
   * Kafka's default is 50, to spread transactional ids over the brokers of a cluster. Here several
   * serve but to flush beside each other. An id's partition follows from its name and this number,
   * so the number never changes once the topic exists.
   */
  private static final int DEFAULT_PARTITIONS = 8;

  static boolean exists(Topics topics) {
    return topics.find(NAME).isPresent();
  }

  /**
   * Finds the topic, or creates it with the configuration that Kafka gives it; except that a state
   * is written whatever a clock has done.
   */
  static TransactionTopic open(Topics topics) {
    Topic topic = topics.find(NAME).orElseGet(() -> create(topics));
    return new TransactionTopic(
        IntStream.range(0, topic.partitions())
            .mapToObj(index -> topics.partition(NAME, index))
            .toList());
  }

  private static Topic create(Topics topics) {
    Map<String, String> configs =
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            "uncompressed",
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
            Long.toString(Long.MAX_VALUE),
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(TransactionLogConfig.TRANSACTIONS_TOPIC_SEGMENT_BYTES_DEFAULT));
    return topics.create(
        new NewTopic(NAME, TopicKind.INTERNAL, DEFAULT_PARTITIONS, configs, Map.of()));
  }

  /** Where the states of a transactional id are. */
  PartitionLog partitionOf(String transactionalId) {
    return partitions.get(Utils.abs(transactionalId.hashCode()) % partitions.size());
  }
}
