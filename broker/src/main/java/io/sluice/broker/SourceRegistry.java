package io.sluice.broker;

import io.sluice.broker.MetadataState.StoredSource;
import io.sluice.broker.subscription.Subscription;
import io.sluice.broker.subscription.Subscriptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources of the metadata journal. Changes hold the metadata lock.
 *
 * <p>A source lives in two journals: the subscription's, which has its positions, and the metadata
 * journal, which has its name and attributes. A command writes the subscription's first, so a crash
 * between the two leaves positions that nobody names, which opening removes.
 */
final class SourceRegistry implements Sources, TopicListener, TopicReaders {

  /** Amazon SNS quotas: 12,500,000 subscriptions per topic; far less fits one machine's heap. */
  private static final int MAX_SOURCES = 1_000_000;

  private static final Logger LOGGER = LoggerFactory.getLogger(SourceRegistry.class);
  private static final Comparator<Source> BY_TOPIC_AND_QUEUE =
      Comparator.comparing(Source::topic).thenComparing(Source::queue);

  private final Metadata metadata;
  private final TopicRegistry topics;
  private final Subscriptions subscriptions;
  private final InstantSource clock;
  private final SourceFilters filters;

  SourceRegistry(
      Metadata metadata, TopicRegistry topics, Subscriptions subscriptions, BrokerOptions options) {
    this.metadata = metadata;
    this.topics = topics;
    this.subscriptions = subscriptions;
    this.clock = options.clocks().wall();
    this.filters = new SourceFilters(options.recordFilters());
    topics.addListener(this);
    topics.readers(this);
  }

  /** Gives every recovered source its partitions, and finishes what a crash left half done. */
  void recover() {
    metadata.alone(
        () -> {
          List.copyOf(metadata.state().sources()).forEach(this::recover);
          for (Subscription queue : subscriptions.all()) {
            for (Uuid id : queue.sources()) {
              if (metadata.state().source(id).isEmpty() && metadata.state().topic(id).isEmpty()) {
                queue.forgetSource(id);
              }
            }
          }
          topics.dropDrained();
          return subscriptions;
        });
  }

  private void recover(StoredSource stored) {
    Source source = stored.source();
    Subscription queue = subscription(source);
    boolean ended = stored.ended() || topics.find(source.topicId()).isEmpty();
    if (ended && !isQueues(source)) {
      forget(source);
      return;
    }
    recoverFilter(stored, queue);
    // A metadata journal that lost its end takes a removed source for a living one.
    boolean known =
        queue.sources().contains(source.id()) && (ended || !queue.hasEnded(source.id()));
    if (known) {
      queue.attach(source.id(), topics.partitions(source.topicId()));
      if (ended) {
        end(source);
      }
    } else if (ended) {
      metadata.commit(new MetadataRecord.SourceDrained(source.id()));
    } else {
      LOGGER.warn("the position of {} was lost: what came since its creation comes again", source);
      queue.addSource(
          source.id(),
          source.topicId(),
          topics.partitions(source.topicId()),
          new StartingPoint.At(source.createdAt()));
    }
  }

  private void recoverFilter(StoredSource stored, Subscription queue) {
    Source source = stored.source();
    List<PastFilter> past =
        SourceFilters.within(stored.past(), topics.partitions(source.topicId()));
    if (!past.equals(stored.past())) {
      metadata.commit(new MetadataRecord.SourceIs(source, stored.ended(), past));
    }
    queue.filter(source.id(), filters.of(source.attributes(), past));
  }

  @Override
  public Source add(
      String topicName, String queueName, Map<String, String> attributes, StartingPoint start) {
    return metadata.alone(
        () -> {
          Topic topic =
              topics
                  .find(topicName)
                  .filter(found -> found.kind() == TopicKind.USER)
                  .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + topicName));
          QueueDefinition queue = queue(queueName);
          Optional<Source> existing =
              select(
                      source ->
                          source.topicId().equals(topic.id())
                              && source.queueId().equals(queue.id()))
                  .stream()
                  .findFirst();
          return existing.orElseGet(
              () -> create(topic, queue.name(), queue.id(), attributes, start));
        });
  }

  /** Lets a share group read a topic that it does not read. */
  void create(Topic topic, String group, Uuid groupId, StartingPoint start) {
    create(topic, group, groupId, Map.of(), start);
  }

  private QueueDefinition queue(String name) {
    return metadata
        .state()
        .queue(name)
        .orElseThrow(() -> new QueueDoesNotExistException("no queue " + name));
  }

  private Source create(
      Topic topic,
      String queue,
      Uuid queueId,
      Map<String, String> attributes,
      StartingPoint start) {
    if (metadata.state().sources().size() >= MAX_SOURCES) {
      throw new LimitExceededException("this broker holds at most " + MAX_SOURCES + " sources");
    }
    Source source =
        new Source(
            Uuid.randomUuid(),
            topic.name(),
            topic.id(),
            queue,
            queueId,
            new TreeMap<>(attributes),
            clock.instant());
    Subscription reader = subscription(source);
    reader.filter(source.id(), filters.of(attributes, List.of()));
    reader.addSource(source.id(), topic.id(), topics.partitions(topic.id()), start);
    try {
      metadata.commit(new MetadataRecord.SourceIs(source, false));
    } catch (RuntimeException e) {
      // Otherwise who tries again would have every message twice.
      reader.forgetSource(source.id());
      throw e;
    }
    return source;
  }

  private Subscription subscription(Source source) {
    return subscriptions
        .find(source.queueId())
        .orElseThrow(() -> new QueueDoesNotExistException("no queue " + source.queue()));
  }

  @Override
  public Optional<Source> find(Uuid id) {
    return metadata
        .state()
        .source(id)
        .filter(stored -> !stored.ended())
        .map(StoredSource::source)
        .filter(this::isQueues);
  }

  /** Otherwise it is a share group's, which is nobody else's business. */
  private boolean isQueues(Source source) {
    return metadata.state().isQueue(source.queueId());
  }

  /** Also a source that has ended and still delivers what it has. */
  Optional<Source> findEvenEnded(Uuid id) {
    return metadata.state().source(id).map(StoredSource::source);
  }

  @Override
  public List<Source> list() {
    return select(this::isQueues);
  }

  @Override
  public List<Source> ofTopic(String topic) {
    return select(source -> source.topic().equals(topic) && isQueues(source));
  }

  @Override
  public List<Source> ofQueue(String queue) {
    return select(source -> source.queue().equals(queue) && isQueues(source));
  }

  private List<Source> select(Predicate<Source> condition) {
    return metadata.state().sources().stream()
        .filter(stored -> !stored.ended())
        .map(StoredSource::source)
        .filter(condition)
        .sorted(BY_TOPIC_AND_QUEUE)
        .toList();
  }

  @Override
  public Optional<Source> setAttributes(Uuid id, Map<String, String> attributes) {
    return metadata.alone(
        () -> find(id).map(source -> withAttributes(source, new TreeMap<>(attributes))));
  }

  private Source withAttributes(Source source, SortedMap<String, String> attributes) {
    Subscription queue = subscription(source);
    List<PastFilter> past =
        filters.after(
            source, past(source.id()), attributes, queue, topics.partitions(source.topicId()));
    Source changed =
        new Source(
            source.id(),
            source.topic(),
            source.topicId(),
            source.queue(),
            source.queueId(),
            attributes,
            source.createdAt());
    metadata.commit(new MetadataRecord.SourceIs(changed, false, past));
    queue.filter(source.id(), filters.of(attributes, past));
    return changed;
  }

  private List<PastFilter> past(Uuid id) {
    return metadata.state().source(id).map(StoredSource::past).orElse(List.of());
  }

  @Override
  public boolean restart(Uuid id, StartingPoint start) {
    return metadata.alone(
        () -> {
          Optional<Source> source = find(id);
          source.ifPresent(
              found ->
                  afresh(
                      List.of(found),
                      subscription(found),
                      () -> subscription(found).restart(id, start)));
          return source.isPresent();
        });
  }

  @Override
  public boolean hasPassed(Uuid id, StartingPoint point) {
    return find(id)
        .map(
            source ->
                subscription(source)
                    .hasPassed(
                        id, topics.partitions(source.topicId()).stream().map(point::in).toList()))
        .orElse(true);
  }

  /** Moves everything that a queue reads; what it reads again, its present filters judge. */
  void rewind(Uuid queueId, Subscription queue, StartingPoint start) {
    metadata.alone(
        () -> {
          List<Source> sources =
              metadata.state().sources().stream()
                  .map(StoredSource::source)
                  .filter(source -> source.queueId().equals(queueId))
                  .toList();
          afresh(sources, queue, () -> queue.rewind(start));
          return queue;
        });
  }

  /** Nothing may be passed over by an old filter once the cursors have moved. */
  private void afresh(List<Source> sources, Subscription queue, Runnable move) {
    List<MetadataRecord> records = new ArrayList<>();
    for (Source source : sources) {
      StoredSource stored = metadata.state().source(source.id()).orElseThrow();
      if (!stored.past().isEmpty()) {
        queue.filter(source.id(), filters.of(source.attributes(), List.of()));
        records.add(new MetadataRecord.SourceIs(source, stored.ended()));
      }
    }
    move.run();
    if (!records.isEmpty()) {
      metadata.commit(records);
    }
  }

  @Override
  public boolean remove(Uuid id) {
    return metadata.alone(
        () -> {
          Optional<Source> source = find(id);
          source.ifPresent(this::end);
          return source.isPresent();
        });
  }

  /** What was published before stays receivable until the subscription says that it is drained. */
  private void end(Source source) {
    metadata.commit(new MetadataRecord.SourceIs(source, true, past(source.id())));
    subscription(source).endSource(source.id());
  }

  /** Called by a subscription, from whatever thread acknowledged the last message. */
  void drained(Uuid id) {
    metadata.alone(
        () -> {
          Optional<Source> source = findEvenEnded(id);
          if (source.isPresent()) {
            metadata.commit(new MetadataRecord.SourceDrained(id));
            topics.dropUnlessDrained(source.get().topicId());
          }
          return source;
        });
  }

  @Override
  public void changed(Topic topic) {
    for (Source source : select(candidate -> candidate.topicId().equals(topic.id()))) {
      try {
        subscription(source).attach(source.id(), topics.partitions(topic.id()));
      } catch (KafkaStorageException e) {
        LOGGER.error("{} does not read new partitions until a restart: {}", source, e.getMessage());
      }
    }
  }

  @Override
  public Farewell farewell(Topic topic) {
    List<Source> read = select(source -> source.topicId().equals(topic.id()));
    List<MetadataRecord> records = new ArrayList<>();
    for (Source source : read) {
      // To Kafka's consumers a deleted topic's records are gone.
      records.add(
          isQueues(source)
              ? new MetadataRecord.SourceIs(source, true, past(source.id()))
              : new MetadataRecord.SourceDrained(source.id()));
    }
    return new Farewell(records, () -> read.forEach(this::leave));
  }

  private void leave(Source source) {
    Subscription reader = subscription(source);
    if (!isQueues(source)) {
      reader.forgetSource(source.id());
      return;
    }
    try {
      reader.endSource(source.id());
    } catch (KafkaStorageException e) {
      // Nothing can come any more; a restart makes it durable.
      LOGGER.warn("the end of {} is not durable yet: {}", source, e.getMessage());
    }
  }

  /** Forgets what a share group has read of a topic. */
  void forget(Uuid groupId, Uuid topicId) {
    select(source -> source.queueId().equals(groupId) && source.topicId().equals(topicId))
        .forEach(this::forget);
  }

  private void forget(Source source) {
    metadata.commit(new MetadataRecord.SourceDrained(source.id()));
    subscriptions.find(source.queueId()).ifPresent(group -> group.forgetSource(source.id()));
  }

  /** The ids of queues and share groups that have sources. */
  Set<Uuid> readers() {
    Set<Uuid> readers = new HashSet<>();
    metadata.state().sources().forEach(stored -> readers.add(stored.source().queueId()));
    return readers;
  }
}
