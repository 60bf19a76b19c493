package io.sluice.client.consume;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The partitions that are read, and which of them are paused. Not safe for use by many threads. */
final class ReadPartitions {

  /** Those with something to give by turns. */
  private final Map<TopicPartition, PartitionMessages> partitions = new LinkedHashMap<>();

  private final Set<TopicPartition> paused = new LinkedHashSet<>();

  /** Reads it from now on. */
  void read(TopicPartition partition) {
    partitions.computeIfAbsent(partition, unknown -> new PartitionMessages());
  }

  /** Reads it no longer; the messages that it had. */
  List<HeldMessage> remove(TopicPartition partition) {
    PartitionMessages of = partitions.remove(partition);
    paused.remove(partition);
    return of == null ? List.of() : of.removeAll();
  }

  /**
   * Adds a message to its partition, which is new, or gone and not yet empty, if it is not read.
   */
  void add(HeldMessage message) {
    partitions
        .computeIfAbsent(message.partition(), unknown -> new PartitionMessages())
        .add(message);
  }

  /** By their names. */
  Set<TopicPartition> names() {
    return new LinkedHashSet<>(partitions.keySet());
  }

  Collection<PartitionMessages> all() {
    return partitions.values();
  }

  /** After the last record that was given of each that has one. */
  Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    partitions.forEach(
        (partition, of) -> {
          if (of.position() > 0) {
            positions.put(partition, of.position());
          }
        });
    return positions;
  }

  /** What of a topic was not given is no longer here. */
  void forget(String topic) {
    partitions.forEach(
        (partition, of) -> {
          if (partition.topic().equals(topic)) {
            of.removeWaiting();
          }
        });
  }

  /**
   * What is no longer here when somebody else may have messages.
   *
   * @param count how many of those were here
   * @param behind what must not come before them
   */
  record Lost(int count, List<HeldMessage> behind) {}

  /** Somebody else may have them. */
  Lost lose(Collection<HeldMessage> messages) {
    int count = 0;
    Set<PartitionMessages> touched = new HashSet<>();
    for (HeldMessage message : messages) {
      PartitionMessages of = partitions.get(message.partition());
      message.lose();
      if (of != null && of.messages().contains(message)) {
        touched.add(of);
        count++;
      }
    }
    List<HeldMessage> behind = new ArrayList<>();
    touched.forEach(of -> behind.addAll(of.dropLost()));
    return new Lost(count, behind);
  }

  /** What there is of a partition; null when it is not read. */
  @Nullable PartitionMessages find(TopicPartition partition) {
    return partitions.get(partition);
  }

  /**
   * What there is of a partition.
   *
   * @throws IllegalStateException it is not read
   */
  PartitionMessages of(TopicPartition partition) {
    PartitionMessages of = partitions.get(partition);
    if (of == null) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
    return of;
  }

  /** The next records of those that are not paused. */
  List<InFlightMessages.Next> next(int max) {
    List<InFlightMessages.Next> next = new ArrayList<>();
    partitions.forEach(
        (partition, of) -> {
          if (next.size() < max && !isPaused(partition)) {
            for (ReceivedRecord record : of.next(max - next.size())) {
              next.add(new InFlightMessages.Next(partition, record));
            }
          }
        });
    return next;
  }

  /**
   * Records have been given, if they are still the next ones of their partitions; those that are
   * not. Other partitions come first the next time.
   */
  List<InFlightMessages.Next> advance(List<InFlightMessages.Next> records) {
    List<InFlightMessages.Next> gone = new ArrayList<>(0);
    Set<TopicPartition> some = new LinkedHashSet<>();
    for (InFlightMessages.Next next : records) {
      PartitionMessages of = partitions.get(next.partition());
      if (of != null && of.isNext(next.record())) {
        of.advance();
        some.add(next.partition());
      } else {
        gone.add(next);
      }
    }
    some.forEach(this::toEnd);
    return gone;
  }

  /** Others come first the next time. */
  void toEnd(TopicPartition partition) {
    PartitionMessages of = of(partition);
    partitions.remove(partition);
    partitions.put(partition, of);
  }

  boolean isPaused(TopicPartition partition) {
    return paused.contains(partition);
  }

  /** Whether all of a topic are. */
  boolean isPaused(String topic) {
    return partitions.keySet().stream()
        .allMatch(each -> !each.topic().equals(topic) || paused.contains(each));
  }

  /** Gives nothing of them until they are resumed. */
  void pause(Collection<TopicPartition> some) {
    some.forEach(this::of);
    paused.addAll(some);
  }

  /** Gives what they have again. */
  void resume(Collection<TopicPartition> some) {
    some.forEach(this::of);
    some.forEach(paused::remove);
  }

  Set<TopicPartition> paused() {
    return new LinkedHashSet<>(paused);
  }

  boolean hasAnyOf(String topic) {
    return partitions.keySet().stream().anyMatch(each -> each.topic().equals(topic));
  }

  /** Whether those that are paused, or the others, have so much that waits to be given. */
  boolean isFull(boolean ofPaused, int maxRecords, long maxBytes) {
    long records = 0;
    long bytes = 0;
    for (Map.Entry<TopicPartition, PartitionMessages> each : partitions.entrySet()) {
      if (isPaused(each.getKey()) == ofPaused) {
        records += each.getValue().waitingRecords();
        bytes += each.getValue().waitingBytes();
      }
    }
    return records >= maxRecords || bytes >= maxBytes;
  }

  /** Every message, which are no longer here. */
  List<HeldMessage> removeAll() {
    List<HeldMessage> held = new ArrayList<>();
    partitions.values().forEach(each -> held.addAll(each.removeAll()));
    return held;
  }
}
