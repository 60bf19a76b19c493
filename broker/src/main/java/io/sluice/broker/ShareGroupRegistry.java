package io.sluice.broker;

import io.sluice.broker.subscription.SharedAccess;
import io.sluice.broker.subscription.Subscription;
import io.sluice.broker.subscription.Subscriptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;

/**
 * The share groups of the metadata journal. Changes hold the metadata lock.
 *
 * <p>A group's sources are in the journal beside those of queues, and are nobody's business but the
 * group's until a queue takes them over.
 */
final class ShareGroupRegistry implements ShareGroups {

  private final Metadata metadata;
  private final TopicRegistry topics;
  private final SourceRegistry sources;
  private final Subscriptions subscriptions;
  private final BrokerOptions options;

  ShareGroupRegistry(
      Metadata metadata,
      TopicRegistry topics,
      SourceRegistry sources,
      Subscriptions subscriptions,
      BrokerOptions options) {
    this.metadata = metadata;
    this.topics = topics;
    this.sources = sources;
    this.subscriptions = subscriptions;
    this.options = options;
  }

  /** Finishes what a crash left half done. */
  void recover() {
    metadata.alone(
        () -> {
          for (ShareGroupDefinition group : metadata.state().shareGroups()) {
            open(subscriptions.find(group.id()).orElseGet(() -> subscriptions.create(group.id())));
          }
          return subscriptions;
        });
  }

  /** Forgets groups that a crash, or the end of their topics, has left with nothing to read. */
  void dropThoseThatReadNothing() {
    metadata.alone(
        () -> {
          Set<Uuid> readers = sources.readers();
          for (ShareGroupDefinition group : List.copyOf(metadata.state().shareGroups())) {
            if (!readers.contains(group.id())) {
              drop(group);
            }
          }
          return sources;
        });
  }

  private void drop(ShareGroupDefinition group) {
    metadata.commit(new MetadataRecord.QueueDeleted(group.id()));
    subscriptions.delete(group.id());
  }

  private Subscription open(Subscription subscription) {
    subscription.onDrained(sources::drained);
    return subscription;
  }

  @Override
  public Optional<SharedAccess> find(String group) {
    return id(group).flatMap(subscriptions::find).map(Subscription::shared);
  }

  private Optional<Uuid> id(String group) {
    return metadata
        .state()
        .queue(group)
        .filter(queue -> !QueueRegistry.isForDeliveries(queue.name()))
        .map(QueueDefinition::id)
        .or(() -> metadata.state().shareGroup(group).map(ShareGroupDefinition::id));
  }

  @Override
  public SharedAccess read(String group, Uuid topicId, StartingPoint start) {
    return metadata.alone(
        () -> {
          Topic topic =
              topics
                  .find(topicId)
                  .filter(found -> found.kind() != TopicKind.INTERNAL)
                  .orElseThrow(() -> new UnknownTopicIdException("no topic " + topicId));
          Subscription subscription =
              id(group).flatMap(subscriptions::find).orElseGet(() -> create(group));
          // A queue's own inbox is among what it reads.
          if (!subscription.shared().reads(topicId)) {
            sources.create(topic, group, subscription.id(), start);
          }
          return subscription.shared();
        });
  }

  private Subscription create(String group) {
    metadata.state().checkSubscriptions(options.maxQueues());
    ShareGroupDefinition definition =
        new ShareGroupDefinition(group, Uuid.randomUuid(), options.clocks().wall().instant());
    Subscription subscription = open(subscriptions.create(definition.id()));
    try {
      metadata.commit(new MetadataRecord.ShareGroupIs(definition));
    } catch (RuntimeException e) {
      subscriptions.delete(definition.id());
      throw e;
    }
    return subscription;
  }

  @Override
  public void forget(String group, Uuid topicId) {
    metadata.alone(
        () -> {
          metadata.state().shareGroup(group).ifPresent(found -> forget(found, topicId));
          return topicId;
        });
  }

  private void forget(ShareGroupDefinition group, Uuid topicId) {
    sources.forget(group.id(), topicId);
    if (!sources.readers().contains(group.id())) {
      drop(group);
    }
  }
}
