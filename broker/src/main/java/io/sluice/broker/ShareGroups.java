package io.sluice.broker;

import io.sluice.broker.subscription.SharedAccess;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * What Kafka's share groups take from (KIP-932). A group with the name of a queue takes from that
 * queue; any other has a subscription of its own, which a queue that is created with its name takes
 * over as it stands. Safe for use by many threads. A change is durable when its method returns.
 */
public interface ShareGroups {

  /** What the group takes from; empty when it reads nothing. */
  Optional<SharedAccess> find(String group);

  /**
   * Lets the group read a topic from {@code start} on, unless it does.
   *
   * @return what the group takes from
   * @throws org.apache.kafka.common.errors.UnknownTopicIdException no such topic
   * @throws LimitExceededException more groups and queues, or more sources, than the broker holds
   */
  SharedAccess read(String group, Uuid topicId, StartingPoint start);

  /**
   * Forgets what the group has read of a topic, and with its last topic the group. What a queue
   * reads is the queue's, and stays.
   */
  void forget(String group, Uuid topicId);
}
