package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds the topic that a request names, by name or (KIP-516) by id. */
final class TopicResolver {

  private final Topics topics;

  TopicResolver(Topics topics) {
    this.topics = topics;
  }

  /**
   * The topic with that id, or, for versions that send no id, with that name.
   *
   * @throws UnknownTopicIdException no topic has the id
   * @throws UnknownTopicOrPartitionException no topic has the name
   */
  Topic topic(String name, Uuid id) {
    return id.equals(Uuid.ZERO_UUID)
        ? topics
            .find(name)
            .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name))
        : topics.find(id).orElseThrow(() -> new UnknownTopicIdException("no topic " + id));
  }

  /** One of its partitions. */
  PartitionLog partition(Topic topic, int index) {
    return topics.partition(topic.name(), index);
  }

  /**
   * Refuses a client that knows another leader than this one (KIP-320).
   *
   * @param known the client's leader epoch, or -1 when it does not say
   */
  static void checkLeaderEpoch(PartitionLog partition, int known) {
    if (known >= 0 && known < partition.leaderEpoch()) {
      throw new FencedLeaderEpochException("leader epoch " + known + " is over");
    }
    if (known > partition.leaderEpoch()) {
      throw new UnknownLeaderEpochException("leader epoch " + known + " has not begun");
    }
  }
}
