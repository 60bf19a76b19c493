package io.sluice.torture.work;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/** The topics that Kafka clients work on. */
final class KafkaTopics {

  private static final int PARTITIONS = 3;

  private KafkaTopics() {}

  /** Makes a topic of a few partitions. */
  static List<TopicPartition> create(Admin admin, String name) throws Exception {
    admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(name, i)).toList();
  }
}
