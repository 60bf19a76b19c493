package io.sluice.broker;

import io.sluice.broker.deduplication.DeduplicationMemory;
import io.sluice.broker.deduplication.Deduplicator;
import io.sluice.log.clock.Clocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/** Spreads records over a topic's partitions. Safe for use by many threads. */
final class LogPublisher implements Publisher, TopicListener {

  private final TopicRegistry topics;
  private final PublishedBatches batches;
  private final DeduplicationMemory memory;
  private final Clocks clocks;
  private final AtomicInteger nextPartition = new AtomicInteger();
  private final Map<Uuid, Deduplicator> deduplicators = new ConcurrentHashMap<>();

  LogPublisher(
      TopicRegistry topics, PublishedBatches batches, DeduplicationMemory memory, Clocks clocks) {
    this.topics = topics;
    this.batches = batches;
    this.memory = memory;
    this.clocks = clocks;
    topics.addListener(this);
  }

  @Override
  public List<CompletableFuture<RecordPosition>> publish(String name, List<NewRecord> records) {
    return publish(require(name), records);
  }

  @Override
  public List<CompletableFuture<RecordPosition>> publishOnce(
      String name, List<NewRecord> records, List<String> deduplicationIds, boolean byGroup) {
    Topic topic = require(name);
    return deduplicators
        .computeIfAbsent(topic.id(), this::deduplicator)
        .append(records, deduplicationIds, byGroup, fresh -> publish(topic, fresh));
  }

  private Deduplicator deduplicator(Uuid topicId) {
    return new Deduplicator(topicId, () -> topics.partitions(topicId), memory, clocks);
  }

  @Override
  public void deleted(Topic topic) {
    Deduplicator ended = deduplicators.remove(topic.id());
    if (ended != null) {
      ended.forget();
    }
  }

  private Topic require(String name) {
    return topics
        .find(name)
        .filter(found -> found.kind() == TopicKind.USER)
        .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
  }

  private List<CompletableFuture<RecordPosition>> publish(Topic topic, List<NewRecord> records) {
    if (records.size() == 1) {
      NewRecord record = records.getFirst();
      return append(topic, partition(topic, record, nextPartition::getAndIncrement), records);
    }
    int keyless = nextPartition.getAndIncrement();
    Map<Integer, List<Integer>> byPartition = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      int partition = partition(topic, records.get(i), () -> keyless);
      byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(i);
    }
    List<CompletableFuture<RecordPosition>> positions = new ArrayList<>(records.size());
    records.forEach(record -> positions.add(new CompletableFuture<>()));
    byPartition.forEach(
        (partition, indexes) -> {
          List<NewRecord> batch = indexes.stream().map(records::get).toList();
          List<CompletableFuture<RecordPosition>> appended = append(topic, partition, batch);
          for (int i = 0; i < indexes.size(); i++) {
            positions.set(indexes.get(i), appended.get(i));
          }
        });
    return positions;
  }

  private List<CompletableFuture<RecordPosition>> append(
      Topic topic, int partition, List<NewRecord> records) {
    return batches.append(topic.id(), topics.partition(topic.name(), partition), records);
  }

  /** A choice of partition for a record without a key. */
  private interface Keyless {
    int next();
  }

  /** As Kafka's default partitioner does it for records with a key. */
  private static int partition(Topic topic, NewRecord record, Keyless keyless) {
    byte[] key = record.key();
    int number = key == null ? keyless.next() : Utils.murmur2(key);
    return Utils.toPositive(number) % topic.partitions();
  }
}
