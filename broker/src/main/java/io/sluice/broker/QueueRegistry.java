package io.sluice.broker;

import io.sluice.broker.subscription.Subscription;
import io.sluice.broker.subscription.Subscriptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.Uuid;

/** The queues of the metadata journal. Changes hold the metadata lock; reads need none. */
final class QueueRegistry implements Queues {

  private final Metadata metadata;
  private final TopicRegistry topics;
  private final SourceRegistry sources;
  private final Subscriptions subscriptions;
  private final PublishedBatches batches;
  private final BrokerOptions options;
  private final Map<String, DurableQueue> queues = new ConcurrentSkipListMap<>();

  QueueRegistry(
      Metadata metadata,
      TopicRegistry topics,
      SourceRegistry sources,
      Subscriptions subscriptions,
      PublishedBatches batches,
      BrokerOptions options) {
    this.metadata = metadata;
    this.topics = topics;
    this.sources = sources;
    this.subscriptions = subscriptions;
    this.batches = batches;
    this.options = options;
  }

  /** Gives every known queue its cursor back, and finishes what a crash left half done. */
  void recover() {
    metadata.alone(
        () -> {
          for (QueueDefinition queue : metadata.state().queues()) {
            Subscription subscription =
                subscriptions.find(queue.id()).orElseGet(() -> subscriptions.create(queue.id()));
            open(queue, subscription).recoverInbox();
          }
          for (Subscription subscription : List.copyOf(subscriptions.all())) {
            if (!metadata.state().hasSubscription(subscription.id())) {
              subscriptions.delete(subscription.id());
            }
          }
          dropInboxesWithoutQueue();
          return subscriptions;
        });
  }

  private void dropInboxesWithoutQueue() {
    for (Topic topic : topics.list()) {
      if (topic.kind() == TopicKind.QUEUE_INBOX
          && queues.values().stream().noneMatch(queue -> queue.ownsInbox(topic))) {
        topics.deleteAnyKind(topic);
      }
    }
  }

  private DurableQueue open(QueueDefinition definition, Subscription subscription) {
    DurableQueue queue =
        new DurableQueue(definition, metadata, topics, sources, subscription, batches, options);
    queues.put(definition.name(), queue);
    return queue;
  }

  @Override
  public Queue create(NewQueue queue) {
    return metadata.alone(
        () -> {
          if (queues.containsKey(queue.name())) {
            throw new QueueExistsException("queue " + queue.name() + " exists");
          }
          Optional<Uuid> group =
              metadata.state().shareGroup(queue.name()).map(ShareGroupDefinition::id);
          if (group.isEmpty()) {
            metadata.state().checkSubscriptions(options.maxQueues());
          }
          QueueDefinition definition =
              new QueueDefinition(
                  queue.name(),
                  group.orElseGet(Uuid::randomUuid),
                  new TreeMap<>(queue.attributes()),
                  queue.settings(),
                  options.clock().instant(),
                  options.clock().instant());
          // A share group of that name has begun what the queue goes on with.
          Subscription subscription =
              group
                  .flatMap(subscriptions::find)
                  .orElseGet(() -> subscriptions.create(definition.id()));
          metadata.commit(new MetadataRecord.QueueIs(definition));
          return open(definition, subscription);
        });
  }

  @Override
  public Optional<Queue> find(String name) {
    return Optional.ofNullable(queues.get(name));
  }

  @Override
  public List<Queue> list() {
    return List.copyOf(queues.values());
  }

  @Override
  public boolean delete(String name) {
    return metadata.alone(
        () -> {
          DurableQueue queue = queues.remove(name);
          if (queue == null) {
            return false;
          }
          List<Source> read =
              metadata.state().sources().stream()
                  .map(MetadataState.StoredSource::source)
                  .filter(source -> source.queueId().equals(queue.id()))
                  .toList();
          metadata.commit(new MetadataRecord.QueueDeleted(queue.id()));
          subscriptions.delete(queue.id());
          queue.deleteInbox();
          read.forEach(source -> topics.dropUnlessDrained(source.topicId()));
          return true;
        });
  }
}
