package io.sluice.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/** Spreads records over a topic's partitions. Safe for use by many threads. */
final class LogPublisher implements Publisher {

  private final TopicRegistry topics;
  private final PublishedBatches batches;
  private final AtomicInteger nextPartition = new AtomicInteger();

  LogPublisher(TopicRegistry topics, PublishedBatches batches) {
    this.topics = topics;
    this.batches = batches;
  }

  @Override
  public List<CompletableFuture<RecordPosition>> publish(String name, List<NewRecord> records) {
    Topic topic =
        topics
            .find(name)
            .filter(found -> found.kind() == TopicKind.USER)
            .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + name));
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
