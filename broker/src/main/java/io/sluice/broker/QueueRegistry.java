package io.sluice.broker;

import io.sluice.broker.deduplication.DeduplicationMemory;
import io.sluice.broker.subscription.Subscription;
import io.sluice.broker.subscription.Subscriptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;

/**
 * The queues of the metadata journal, those that a door keeps for itself apart from those that
 * clients name. Changes hold the metadata lock; reads need none.
 */
final class QueueRegistry implements Queues {

  /** No SQS queue may be called so, and a share group that is shares nothing with the queue. */
  private static final String DELIVERY_PREFIX = "__sluice_delivery/";

  private final Metadata metadata;
  private final TopicRegistry topics;
  private final SourceRegistry sources;
  private final Subscriptions subscriptions;
  private final PublishedBatches batches;
  private final DeduplicationMemory deduplicationMemory;
  private final BrokerOptions options;
  private final Map<String, DurableQueue> queues = new ConcurrentSkipListMap<>();

  QueueRegistry(
      Metadata metadata,
      TopicRegistry topics,
      SourceRegistry sources,
      Subscriptions subscriptions,
      PublishedBatches batches,
      DeduplicationMemory deduplicationMemory,
      BrokerOptions options) {
    this.metadata = metadata;
    this.topics = topics;
    this.sources = sources;
    this.subscriptions = subscriptions;
    this.batches = batches;
    this.deduplicationMemory = deduplicationMemory;
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
        new DurableQueue(
            definition,
            metadata,
            topics,
            sources,
            subscription,
            batches,
            deduplicationMemory,
            options,
            this::findDurable);
    queues.put(definition.name(), queue);
    return queue;
  }

  /** Whoever it is for. */
  Optional<DurableQueue> findDurable(String name) {
    return Optional.ofNullable(queues.get(name));
  }

  /** Whether a door keeps the queue of that name for itself. */
  static boolean isForDeliveries(String name) {
    return name.startsWith(DELIVERY_PREFIX);
  }

  /** The queues that doors keep for themselves; their names get a prefix when they are created. */
  Queues forDeliveries() {
    return new ForDeliveries();
  }

  private final class ForDeliveries implements Queues {

    @Override
    public Queue create(NewQueue queue) {
      return createAny(
          new NewQueue(DELIVERY_PREFIX + queue.name(), queue.attributes(), queue.settings()));
    }

    @Override
    public Optional<Queue> find(String name) {
      return Optional.<Queue>ofNullable(queues.get(name)).filter(queue -> isForDeliveries(name));
    }

    @Override
    public List<Queue> list() {
      return listWhere(QueueRegistry::isForDeliveries);
    }

    @Override
    public boolean delete(String name) {
      return isForDeliveries(name) && deleteAny(name);
    }
  }

  @Override
  public Queue create(NewQueue queue) {
    if (isForDeliveries(queue.name())) {
      throw new IllegalArgumentException("no queue may be called " + queue.name());
    }
    return createAny(queue);
  }

  private Queue createAny(NewQueue queue) {
    return metadata.alone(
        () -> {
          if (queues.containsKey(queue.name())) {
            throw new QueueExistsException("queue " + queue.name() + " exists");
          }
          Optional<Uuid> group =
              metadata
                  .state()
                  .shareGroup(queue.name())
                  .filter(named -> !isForDeliveries(named.name()))
                  .map(ShareGroupDefinition::id);
          if (group.isEmpty()) {
            metadata.state().checkSubscriptions(options.maxQueues());
          }
          QueueDefinition definition =
              new QueueDefinition(
                  queue.name(),
                  group.orElseGet(Uuid::randomUuid),
                  new TreeMap<>(queue.attributes()),
                  queue.settings(),
                  options.clocks().wall().instant(),
                  options.clocks().wall().instant());
          // A share group of that name has begun what the queue goes on with.
          Subscription subscription =
              group
                  .flatMap(subscriptions::find)
                  .orElseGet(() -> subscriptions.create(definition.id()));
          try {
            metadata.commit(new MetadataRecord.QueueIs(definition));
          } catch (RuntimeException e) {
            if (group.isEmpty()) {
              subscriptions.delete(definition.id());
            }
            throw e;
          }
          return open(definition, subscription);
        });
  }

  @Override
  public Optional<Queue> find(String name) {
    return Optional.<Queue>ofNullable(queues.get(name)).filter(queue -> !isForDeliveries(name));
  }

  @Override
  public List<Queue> list() {
    return listWhere(name -> !isForDeliveries(name));
  }

  private List<Queue> listWhere(Predicate<String> name) {
    return queues.values().stream().<Queue>map(q -> q).filter(q -> name.test(q.name())).toList();
  }

  @Override
  public boolean delete(String name) {
    return !isForDeliveries(name) && deleteAny(name);
  }

  private boolean deleteAny(String name) {
    return metadata.alone(
        () -> {
          DurableQueue queue = queues.get(name);
          if (queue == null) {
            return false;
          }
          List<Source> read =
              metadata.state().sources().stream()
                  .map(MetadataState.StoredSource::source)
                  .filter(source -> source.queueId().equals(queue.id()))
                  .toList();
          queue.delete(
              new TopicReaders.Farewell(
                  List.of(new MetadataRecord.QueueDeleted(queue.id())),
                  () -> {
                    queues.remove(name);
                    subscriptions.delete(queue.id());
                  }));
          read.forEach(source -> topics.dropUnlessDrained(source.topicId()));
          return true;
        });
  }
}
