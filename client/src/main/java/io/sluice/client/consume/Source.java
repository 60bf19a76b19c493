package io.sluice.client.consume;

import org.apache.kafka.common.TopicPartition;

/**
 * The queue of a group on a topic.
 *
 * @param packed whether all of its messages should be packed ones
 * @param partitions of the topic, 1 or more
 */
public record Source(String topic, boolean packed, int partitions, String queueUrl) {

  TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }
}
