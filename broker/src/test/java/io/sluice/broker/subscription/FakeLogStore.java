package io.sluice.broker.subscription;

import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Partitions in memory, of which a copy can be taken as a crash at any moment would leave them.
 * Safe for use by many threads.
 */
public final class FakeLogStore implements LogStore {

  private final Map<TopicPartition, FakePartition> partitions = new ConcurrentHashMap<>();
  private final Room room = new Room();
  private volatile Runnable changeListener = () -> {};

  /** Calls {@code listener} after each change, before whoever made it hears of it. */
  public void onChange(Runnable listener) {
    changeListener = listener;
  }

  /** After so many more appends and new partitions each is refused, as by a full disk. */
  public void refuseAfter(int writes) {
    room.refuseAfter(writes);
  }

  /** There is room again. */
  public void acceptAgain() {
    room.acceptAgain();
  }

  /** Where every partition ends now. */
  public Map<TopicPartition, Long> ends() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach((name, partition) -> ends.put(name, partition.endOffset()));
    return ends;
  }

  /** Where every partition's durable part ends now. */
  Map<TopicPartition, Long> durableEnds() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach((name, partition) -> ends.put(name, partition.highWatermark()));
    return ends;
  }

  /** What a crash leaves that lost everything from these offsets on; other partitions are gone. */
  public FakeLogStore crashed(Map<TopicPartition, Long> ends) {
    FakeLogStore copy = new FakeLogStore();
    ends.forEach((name, end) -> copy.adopt(name, end, partitions.get(name)));
    return copy;
  }

  private void adopt(TopicPartition name, long end, FakePartition original) {
    partitions.put(name, original.crashed(end, room, () -> changeListener.run()));
  }

  /** The last offset of every batch of a partition. */
  public List<Long> batchEnds(TopicPartition name) {
    return partitions.get(name).batchEnds();
  }

  /** The partitions of the broker's own journals. */
  List<FakePartition> journals() {
    return partitions.values().stream()
        .filter(partition -> partition.topicPartition().topic().startsWith("__"))
        .toList();
  }

  @Override
  public PartitionLog create(TopicPartition name, Uuid topicId, Map<String, String> configs) {
    room.take(name);
    FakePartition created = new FakePartition(name, topicId, room, () -> changeListener.run());
    if (partitions.putIfAbsent(name, created) != null) {
      throw new IllegalStateException("partition " + name + " exists");
    }
    changeListener.run();
    return created;
  }

  @Override
  public Optional<PartitionLog> partition(TopicPartition name) {
    return Optional.ofNullable(partitions.get(name));
  }

  @Override
  public Collection<PartitionLog> partitions() {
    return List.copyOf(partitions.values());
  }

  @Override
  public void alterConfigs(Map<String, Map<String, String>> configs) {}

  @Override
  public void delete(TopicPartition name) {
    FakePartition deleted = partitions.remove(name);
    if (deleted != null) {
      deleted.retire();
      changeListener.run();
    }
  }

  @Override
  public void close() {}
}
