package io.sluice.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.KafkaMetric;

/** What of a consumer is the same with fewer parameters, and what SQS cannot do for anybody. */
interface GroupConsumer<K, V> extends Consumer<K, V> {

  /** How long a call may take that does not say it. */
  Duration defaultApiTimeout();

  /** As long as Kafka's consumers wait at most. */
  Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** Hears of nothing. */
  ConsumerRebalanceListener NOBODY =
      new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
      };

  @Override
  default void subscribe(Collection<String> topics) {
    subscribe(topics, NOBODY);
  }

  @Override
  default void subscribe(Pattern pattern) {
    subscribe(pattern, NOBODY);
  }

  @Override
  default void subscribe(SubscriptionPattern pattern) {
    subscribe(pattern, NOBODY);
  }

  @Override
  default void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
    subscribe(Pattern.compile(pattern.pattern()), listener);
  }

  @Override
  default void assign(Collection<TopicPartition> partitions) {
    throw new UnsupportedOperationException(
        "SQS gives messages to whoever asks for them, it cannot give one partition's: subscribe"
            + " to the topic");
  }

  @Override
  default void commitSync() {
    commitSync(defaultApiTimeout());
  }

  @Override
  default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commitSync(offsets, defaultApiTimeout());
  }

  @Override
  default void commitAsync() {
    commitAsync((offsets, exception) -> {});
  }

  @Override
  default void seek(TopicPartition partition, OffsetAndMetadata offsetAndMetadata) {
    seek(partition, offsetAndMetadata.offset());
  }

  @Override
  default long position(TopicPartition partition, Duration timeout) {
    return position(partition);
  }

  @Override
  default Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    return committed(partitions);
  }

  @Override
  default List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
    return partitionsFor(topic);
  }

  @Override
  default Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
    return listTopics();
  }

  @Override
  default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestampsToSearch, Duration timeout) {
    return offsetsForTimes(timestampsToSearch);
  }

  @Override
  default Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    throw noEnds();
  }

  @Override
  default Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    throw noEnds();
  }

  @Override
  default Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    throw noEnds();
  }

  @Override
  default Map<TopicPartition, Long> endOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    throw noEnds();
  }

  private static UnsupportedOperationException noEnds() {
    return new UnsupportedOperationException(
        "SNS and SQS do not say which sequence numbers a topic begins and ends with; how much"
            + " waits for a group, SnsSqsAdmin says");
  }

  @Override
  default OptionalLong currentLag(TopicPartition topicPartition) {
    return OptionalLong.empty();
  }

  @Override
  default void enforceRebalance() {
    // There is nothing to balance: SQS gives each message to whoever asks first.
  }

  @Override
  default void enforceRebalance(String reason) {
    enforceRebalance();
  }

  @Override
  default Uuid clientInstanceId(Duration timeout) {
    throw new UnsupportedVersionException("SQS collects no metrics of clients");
  }

  @Override
  default void registerMetricForSubscription(KafkaMetric metric) {
    // Nobody collects them.
  }

  @Override
  default void unregisterMetricFromSubscription(KafkaMetric metric) {
    // Nobody collects them.
  }

  @Override
  default void close() {
    close(CloseOptions.timeout(CLOSE_TIMEOUT));
  }

  @Override
  @Deprecated // as it is there
  default void close(Duration timeout) {
    close(CloseOptions.timeout(timeout));
  }
}
