package io.sluice.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.Uuid;

/**
 * Everything the metadata journal says, changed only by {@link #apply}. Written under the lock of
 * {@link Metadata}; read by any thread.
 */
final class MetadataState {

  /**
   * A topic with where its partitions are.
   *
   * @param deleted it has no name any more, only partitions that someone still drains
   */
  record StoredTopic(Topic topic, String storageName, boolean deleted) {}

  /** A source, which may have ended and drain. */
  record StoredSource(Source source, boolean ended, List<PastFilter> past) {}

  /** What has configuration. */
  record ConfigName(ConfigKind kind, String name) implements Comparable<ConfigName> {

    private static final Comparator<ConfigName> ORDER =
        Comparator.comparing(ConfigName::kind).thenComparing(ConfigName::name);

    @Override
    public int compareTo(ConfigName other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Uuid, StoredTopic> topics = new ConcurrentHashMap<>();
  private final Map<String, StoredTopic> topicsByName = new ConcurrentSkipListMap<>();
  private final Map<Uuid, QueueDefinition> queues = new ConcurrentHashMap<>();
  private final Map<String, QueueDefinition> queuesByName = new ConcurrentHashMap<>();
  private final Map<Uuid, ShareGroupDefinition> shareGroups = new ConcurrentHashMap<>();
  private final Map<String, ShareGroupDefinition> shareGroupsByName = new ConcurrentHashMap<>();
  private final Map<Uuid, StoredSource> sources = new ConcurrentHashMap<>();
  private final Map<Uuid, MoveTask> moveTasks = new ConcurrentHashMap<>();
  private final SortedMap<ConfigName, SortedMap<String, String>> configs =
      new ConcurrentSkipListMap<>();
  private volatile Optional<MetadataRecord.Identity> identity = Optional.empty();
  private volatile long nextProducerId;

  void apply(MetadataRecord record) {
    switch (record) {
      case MetadataRecord.Identity who -> identity = Optional.of(who);
      case MetadataRecord.ProducerIds(long next) -> nextProducerId = next;
      case MetadataRecord.TopicIs(Topic topic, String storageName) -> {
        // A torn rewrite of the journal repeats a deleted topic without its deletion.
        if (!topics.containsKey(topic.id()) || !topics.get(topic.id()).deleted()) {
          StoredTopic stored = new StoredTopic(topic, storageName, false);
          topics.put(topic.id(), stored);
          topicsByName.put(topic.name(), stored);
        }
      }
      case MetadataRecord.TopicDeleted(Uuid topicId) -> {
        StoredTopic stored = topics.get(topicId);
        if (stored != null && !stored.deleted()) {
          topicsByName.remove(stored.topic().name());
          topics.put(topicId, new StoredTopic(stored.topic(), stored.storageName(), true));
        }
      }
      case MetadataRecord.TopicDrained(Uuid topicId) -> topics.remove(topicId);
      case MetadataRecord.QueueIs(QueueDefinition queue) -> {
        removeShareGroup(queue.id());
        queues.put(queue.id(), queue);
        queuesByName.put(queue.name(), queue);
      }
      case MetadataRecord.ShareGroupIs(ShareGroupDefinition group) -> {
        // A torn rewrite of the journal repeats a group that a queue has taken over.
        if (!queues.containsKey(group.id())) {
          shareGroups.put(group.id(), group);
          shareGroupsByName.put(group.name(), group);
        }
      }
      case MetadataRecord.QueueDeleted(Uuid queueId) -> {
        QueueDefinition queue = queues.remove(queueId);
        if (queue != null) {
          queuesByName.remove(queue.name(), queue);
        }
        removeShareGroup(queueId);
        sources.values().removeIf(stored -> stored.source().queueId().equals(queueId));
        moveTasks.values().removeIf(task -> task.sourceId().equals(queueId));
      }
      case MetadataRecord.SourceIs(Source source, boolean ended, List<PastFilter> past) ->
          sources.put(source.id(), new StoredSource(source, ended, past));
      case MetadataRecord.SourceDrained(Uuid sourceId) -> sources.remove(sourceId);
      case MetadataRecord.MoveTaskIs(MoveTask task) -> put(task);
      case MetadataRecord.ConfigsAre(
              ConfigKind kind,
              String name,
              SortedMap<String, String> are) -> {
        if (are.isEmpty()) {
          configs.remove(new ConfigName(kind, name));
        } else {
          configs.put(new ConfigName(kind, name), Collections.unmodifiableSortedMap(are));
        }
      }
    }
  }

  /** Remembers a task; an active one is among the latest, since its queue has no other then. */
  private void put(MoveTask task) {
    // A torn rewrite of the journal repeats the task of a queue that was deleted.
    if (!queues.containsKey(task.sourceId())) {
      return;
    }
    moveTasks.put(task.id(), task);
    moveTasks.values().stream()
        .filter(other -> other.sourceId().equals(task.sourceId()))
        .sorted(Comparator.comparing(MoveTask::startedAt).reversed())
        .skip(MoveTasks.REMEMBERED)
        .map(MoveTask::id)
        .toList()
        .forEach(moveTasks::remove);
  }

  private void removeShareGroup(Uuid id) {
    ShareGroupDefinition group = shareGroups.remove(id);
    if (group != null) {
      shareGroupsByName.remove(group.name(), group);
    }
  }

  /** The records that make this state out of nothing. */
  List<MetadataRecord> snapshot() {
    List<MetadataRecord> records = new ArrayList<>();
    identity.ifPresent(records::add);
    records.add(new MetadataRecord.ProducerIds(nextProducerId));
    for (StoredTopic stored : topics.values()) {
      records.add(new MetadataRecord.TopicIs(stored.topic(), stored.storageName()));
      if (stored.deleted()) {
        records.add(new MetadataRecord.TopicDeleted(stored.topic().id()));
      }
    }
    // A deleted topic must not take a living one's name away: the living come last.
    records.sort((a, b) -> Boolean.compare(isLivingTopic(a), isLivingTopic(b)));
    queues.values().forEach(queue -> records.add(new MetadataRecord.QueueIs(queue)));
    shareGroups.values().forEach(group -> records.add(new MetadataRecord.ShareGroupIs(group)));
    sources
        .values()
        .forEach(
            stored ->
                records.add(
                    new MetadataRecord.SourceIs(stored.source(), stored.ended(), stored.past())));
    moveTasks.values().forEach(task -> records.add(new MetadataRecord.MoveTaskIs(task)));
    configs.forEach(
        (of, are) -> records.add(new MetadataRecord.ConfigsAre(of.kind(), of.name(), are)));
    return records;
  }

  private boolean isLivingTopic(MetadataRecord record) {
    return record instanceof MetadataRecord.TopicIs(Topic topic, String ignored)
        && topicsByName.containsKey(topic.name())
        && topicsByName.get(topic.name()).topic().id().equals(topic.id());
  }

  Optional<MetadataRecord.Identity> identity() {
    return identity;
  }

  long nextProducerId() {
    return nextProducerId;
  }

  Optional<StoredTopic> topic(String name) {
    return Optional.ofNullable(topicsByName.get(name));
  }

  /** Deleted topics that are still drained included. */
  Optional<StoredTopic> topic(Uuid id) {
    return Optional.ofNullable(topics.get(id));
  }

  /** By name; without the deleted. */
  Collection<StoredTopic> topics() {
    return topicsByName.values();
  }

  /** Deleted topics that are still drained included. */
  Collection<StoredTopic> storedTopics() {
    return topics.values();
  }

  Collection<QueueDefinition> queues() {
    return queues.values();
  }

  Optional<QueueDefinition> queue(String name) {
    return Optional.ofNullable(queuesByName.get(name));
  }

  boolean isQueue(Uuid id) {
    return queues.containsKey(id);
  }

  /** Whether it is the id of a queue or of a share group. */
  boolean hasSubscription(Uuid id) {
    return queues.containsKey(id) || shareGroups.containsKey(id);
  }

  /** Those that no queue has taken over. */
  Collection<ShareGroupDefinition> shareGroups() {
    return shareGroups.values();
  }

  Optional<ShareGroupDefinition> shareGroup(String name) {
    return Optional.ofNullable(shareGroupsByName.get(name));
  }

  /**
   * Checks that there may be another subscription.
   *
   * @throws LimitExceededException queues and share groups are as many as there may be
   */
  void checkSubscriptions(int max) {
    if (queues.size() + shareGroups.size() >= max) {
      throw new LimitExceededException(
          "this broker holds at most " + max + " queues and share groups");
    }
  }

  Optional<StoredSource> source(Uuid id) {
    return Optional.ofNullable(sources.get(id));
  }

  Optional<MoveTask> moveTask(Uuid id) {
    return Optional.ofNullable(moveTasks.get(id));
  }

  Collection<MoveTask> moveTasks() {
    return moveTasks.values();
  }

  /** What is configured of one thing; empty for what was never configured. */
  SortedMap<String, String> configs(ConfigKind kind, String name) {
    SortedMap<String, String> set = configs.get(new ConfigName(kind, name));
    return set == null ? Collections.emptySortedMap() : set;
  }

  /** What is configured, in the order of its names. */
  SortedMap<ConfigName, SortedMap<String, String>> configs() {
    return Collections.unmodifiableSortedMap(configs);
  }

  /** Ended ones that still drain included. */
  Collection<StoredSource> sources() {
    return sources.values();
  }
}
