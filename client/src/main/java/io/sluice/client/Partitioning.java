package io.sluice.client;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Which partition a record goes to: that which it asks for, or the application's partitioner; as
 * Kafka's default partitioner otherwise, by the key, without one by turns. Safe for use by many
 * threads.
 */
final class Partitioning implements AutoCloseable {

  private final @Nullable Partitioner partitioner;
  private final AtomicInteger spread = new AtomicInteger();

  Partitioning(SnsProducerConfig config) {
    this.partitioner =
        config.getConfiguredInstance(ProducerConfig.PARTITIONER_CLASS_CONFIG, Partitioner.class);
  }

  /**
   * The number of its partition.
   *
   * @throws KafkaException the topic has no such partition
   */
  int of(
      TopicDescription topic,
      ProducerRecord<?, ?> record,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    Integer asked = record.partition();
    if (asked == null && partitioner != null) {
      Cluster cluster = new Cluster(null, List.of(), topic.partitionInfos(), Set.of(), Set.of());
      asked =
          partitioner.partition(topic.name(), record.key(), key, record.value(), value, cluster);
    }
    if (asked == null) {
      int number = key == null ? spread.getAndIncrement() : Utils.murmur2(key);
      return Utils.toPositive(number) % topic.partitions();
    }
    if (asked < 0 || asked >= topic.partitions()) {
      throw new KafkaException(
          "Invalid partition given with record: "
              + asked
              + " is not in the range [0..."
              + topic.partitions()
              + ").");
    }
    return asked;
  }

  @Override
  public void close() {
    Utils.closeQuietly(partitioner, "partitioner");
  }
}
