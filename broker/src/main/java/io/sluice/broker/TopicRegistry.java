package io.sluice.broker;

import io.sluice.broker.MetadataState.StoredTopic;
import io.sluice.broker.TopicReaders.Farewell;
import io.sluice.log.LayeredConfigs;
import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import io.sluice.log.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics of the metadata journal with their partitions. Changes hold the metadata lock. */
final class TopicRegistry implements Topics {

  /** Inboxes are named so; no user's topic is. */
  static final String INBOX_PREFIX = "queue.";

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicRegistry.class);

  private static final int MAX_NAME_BESIDE_ID = 200;

  private final Metadata metadata;
  private final LogStore log;
  private final BrokerOptions options;
  private final TopicLayers layers;
  private final List<TopicListener> listeners = new CopyOnWriteArrayList<>();
  private TopicReaders readers = topic -> new Farewell(List.of(), () -> {});

  TopicRegistry(Metadata metadata, LogStore log, TopicLayers layers, BrokerOptions options) {
    this.metadata = metadata;
    this.log = log;
    this.layers = layers;
    this.options = options;
  }

  @Override
  public Topic create(NewTopic topic) {
    return metadata.alone(
        () -> {
          Topic created = decide(topic);
          String storageName = freeStorageName(created);
          createPartitions(created, storageName, 0);
          metadata.commit(new MetadataRecord.TopicIs(created, storageName));
          listeners.forEach(listener -> listener.changed(created));
          return created;
        });
  }

  @Override
  public Topic validate(NewTopic topic) {
    return metadata.alone(() -> decide(topic));
  }

  private Topic decide(NewTopic topic) {
    String name = topic.name();
    org.apache.kafka.common.internals.Topic.validate(name);
    boolean reserved =
        name.startsWith(INBOX_PREFIX)
            || name.startsWith("__sluice_")
            || org.apache.kafka.common.internals.Topic.isInternal(name);
    if (topic.kind() == TopicKind.USER && reserved) {
      throw new InvalidTopicException("topic name " + name + " is the broker's own");
    }
    if (metadata.state().topic(name).isPresent()) {
      throw new TopicExistsException("Topic '" + name + "' already exists.");
    }
    if (org.apache.kafka.common.internals.Topic.hasCollisionChars(name)) {
      for (StoredTopic other : metadata.state().topics()) {
        if (org.apache.kafka.common.internals.Topic.hasCollision(name, other.topic().name())) {
          throw new InvalidTopicException(
              "Topic '" + name + "' collides with existing topic: " + other.topic().name());
        }
      }
    }
    int partitions = topic.partitions() == -1 ? options.defaultPartitions() : topic.partitions();
    if (partitions < 1) {
      throw new InvalidPartitionsException(
          "Number of partitions must be larger than 0, not " + topic.partitions() + ".");
    }
    TopicConfigs.validate(layers(topic.kind(), topic.configs()));
    checkLimits(1, partitions);
    return new Topic(
        name,
        Uuid.randomUuid(),
        topic.kind(),
        partitions,
        new TreeMap<>(topic.configs()),
        new TreeMap<>(topic.attributes()),
        options.clocks().wall().instant());
  }

  private void checkLimits(int newTopics, int newPartitions) {
    int topics = metadata.state().topics().size();
    if (topics + newTopics > options.maxTopics()) {
      throw new PolicyViolationException(
          "this broker holds at most %d topics".formatted(options.maxTopics()));
    }
    int partitions =
        metadata.state().topics().stream().mapToInt(stored -> stored.topic().partitions()).sum();
    if ((long) partitions + newPartitions > options.maxPartitions()) {
      throw new PolicyViolationException(
          "this broker holds at most %d partitions".formatted(options.maxPartitions()));
    }
  }

  /** The topic's name, unless a deleted topic's partitions are still drained under it. */
  private String freeStorageName(Topic topic) {
    boolean taken =
        metadata.state().storedTopics().stream()
            .anyMatch(stored -> stored.storageName().equals(topic.name()));
    // A metadata journal that lost its end may leave records that belong to no topic.
    taken |= log.partition(new TopicPartition(topic.name(), 0)).isPresent();
    // With its index and its id it must be short enough for the name of a folder.
    String begin = topic.name().substring(0, Math.min(topic.name().length(), MAX_NAME_BESIDE_ID));
    return taken ? begin + "~" + topic.id() : topic.name();
  }

  private void createPartitions(Topic topic, String storageName, int first) {
    List<TopicPartition> created = new ArrayList<>();
    try {
      for (int i = first; i < topic.partitions(); i++) {
        TopicPartition partition = new TopicPartition(storageName, i);
        // One that is there is the topic's own: the metadata journal has lost its end.
        if (log.partition(partition).isEmpty()) {
          log.create(partition, topic.id(), layers.effective(topic));
          created.add(partition);
        }
      }
    } catch (RuntimeException e) {
      created.forEach(log::delete);
      throw e;
    }
  }

  @Override
  public Optional<Topic> find(String name) {
    return metadata.state().topic(name).map(StoredTopic::topic);
  }

  @Override
  public Optional<Topic> find(Uuid id) {
    return metadata.state().topic(id).filter(stored -> !stored.deleted()).map(StoredTopic::topic);
  }

  @Override
  public List<Topic> list() {
    return metadata.state().topics().stream().map(StoredTopic::topic).toList();
  }

  @Override
  public LayeredConfigs layers(TopicKind kind, Map<String, String> ofTopic) {
    return layers.over(kind, ofTopic);
  }

  /** Makes the partitions follow what brokers set for topics; called under the metadata lock. */
  void followDefaults() {
    log.alterConfigs(layers.effective());
  }

  @Override
  public Topic addPartitions(String name, int total) {
    return change(
        name,
        topic -> {
          if (total <= topic.partitions()) {
            throw new InvalidPartitionsException(
                "The topic %s currently has %d partition(s); %d would not be an increase."
                    .formatted(name, topic.partitions(), total));
          }
          checkLimits(0, total - topic.partitions());
          return with(topic, total, topic.configs(), topic.attributes());
        });
  }

  @Override
  public Topic alterConfigs(String name, Map<String, String> configs) {
    return alterConfigs(name, configs, List.of());
  }

  /** As {@link #alterConfigs(String, Map)}, in one decision with others. */
  Topic alterConfigs(String name, Map<String, String> configs, List<MetadataRecord> others) {
    return change(
        name,
        topic -> {
          TopicConfigs.validate(layers(topic.kind(), configs));
          return with(topic, topic.partitions(), new TreeMap<>(configs), topic.attributes());
        },
        others);
  }

  @Override
  public Topic setAttributes(String name, Map<String, String> attributes) {
    return change(
        name, topic -> with(topic, topic.partitions(), topic.configs(), new TreeMap<>(attributes)));
  }

  private static Topic with(
      Topic topic,
      int partitions,
      SortedMap<String, String> configs,
      SortedMap<String, String> attributes) {
    return new Topic(
        topic.name(), topic.id(), topic.kind(), partitions, configs, attributes, topic.createdAt());
  }

  /** What a topic becomes. */
  private interface Change {
    Topic apply(Topic topic);
  }

  private Topic change(String name, Change change) {
    return change(name, change, List.of());
  }

  private Topic change(String name, Change change, List<MetadataRecord> others) {
    return metadata.alone(
        () -> {
          StoredTopic stored = stored(name);
          Topic before = stored.topic();
          Topic after = change.apply(before);
          createPartitions(after, stored.storageName(), before.partitions());
          List<MetadataRecord> records = new ArrayList<>(others);
          records.add(new MetadataRecord.TopicIs(after, stored.storageName()));
          metadata.commit(records);
          log.alterConfigs(stored.storageName(), layers.effective(after));
          listeners.forEach(listener -> listener.changed(after));
          return after;
        });
  }

  private StoredTopic stored(String name) {
    return metadata
        .state()
        .topic(name)
        .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
  }

  @Override
  public void delete(String name) {
    metadata.alone(
        () -> {
          Topic topic = stored(name).topic();
          if (topic.kind() != TopicKind.USER) {
            throw new InvalidTopicException("topic " + name + " belongs to the broker");
          }
          deleteAnyKind(topic);
          return topic;
        });
  }

  /** Deletes a topic whatever its kind, and ends its sources. */
  void deleteAnyKind(Topic topic) {
    deleteAnyKind(topic, new Farewell(List.of(), () -> {}));
  }

  /** As {@link #deleteAnyKind(Topic)}, in one decision with others. */
  void deleteAnyKind(Topic topic, Farewell others) {
    Farewell farewell = readers.farewell(topic);
    List<MetadataRecord> records = new ArrayList<>(others.records());
    records.add(new MetadataRecord.TopicDeleted(topic.id()));
    records.addAll(farewell.records());
    metadata.commit(records);
    others.afterwards().run();
    farewell.afterwards().run();
    listeners.forEach(listener -> listener.deleted(topic));
    dropUnlessDrained(topic.id());
  }

  /** Does for every deleted topic what a crash may have kept from being done. */
  void dropDrained() {
    metadata.state().storedTopics().stream()
        .filter(StoredTopic::deleted)
        .map(stored -> stored.topic().id())
        .toList()
        .forEach(this::dropUnlessDrained);
  }

  /**
   * Removes a deleted topic's partitions once no source reads them any more. What there is no room
   * for now, a restart does.
   */
  void dropUnlessDrained(Uuid topicId) {
    Optional<StoredTopic> stored = metadata.state().topic(topicId);
    boolean needed =
        metadata.state().sources().stream()
            .anyMatch(source -> source.source().topicId().equals(topicId));
    if (stored.isPresent() && stored.get().deleted() && !needed) {
      for (int i = 0; i < stored.get().topic().partitions(); i++) {
        log.delete(new TopicPartition(stored.get().storageName(), i));
      }
      try {
        metadata.commit(new MetadataRecord.TopicDrained(topicId));
      } catch (KafkaStorageException e) {
        LOGGER.warn("the deleted topic {} stays known: {}", topicId, e.getMessage());
      }
    }
  }

  @Override
  public PartitionLog partition(String topic, int partition) {
    return metadata
        .state()
        .topic(topic)
        .flatMap(stored -> log.partition(new TopicPartition(stored.storageName(), partition)))
        .orElseThrow(
            () -> new UnknownTopicOrPartitionException("no partition " + topic + "-" + partition));
  }

  /** Every partition of a topic, also of a deleted one that is still drained. */
  List<PartitionLog> partitions(Uuid topicId) {
    List<PartitionLog> partitions = new ArrayList<>();
    metadata.state().topic(topicId).ifPresent(stored -> collect(stored, partitions::add));
    return partitions;
  }

  private void collect(StoredTopic stored, Consumer<PartitionLog> into) {
    for (int i = 0; i < stored.topic().partitions(); i++) {
      log.partition(new TopicPartition(stored.storageName(), i)).ifPresent(into);
    }
  }

  /** To be called before anything else. */
  void readers(TopicReaders newReaders) {
    readers = newReaders;
  }

  @Override
  public void addListener(TopicListener listener) {
    listeners.add(listener);
  }
}
