package io.sluice.client;

import io.sluice.client.consume.InFlightMessages;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;

/**
 * Where a consumer goes on: with a record that is in flight with it; or its whole group with what
 * was published since a time. Used by one thread at a time.
 */
final class Seeking {

  private final String group;
  private final TopicDirectory directory;
  private final Groups groups;
  private final InFlightMessages inFlight;
  private final Map<String, Instant> replays = new LinkedHashMap<>();
  private final Set<String> ends = new LinkedHashSet<>();

  Seeking(String group, TopicDirectory directory, Groups groups, InFlightMessages inFlight) {
    this.group = group;
    this.directory = directory;
    this.groups = groups;
    this.inFlight = inFlight;
  }

  /**
   * Goes on there.
   *
   * @throws UnsupportedOperationException the record is not in flight
   */
  void seek(TopicPartition partition, long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("seek offset must not be a negative number");
    }
    Optional<Instant> time = TimeOffsets.time(offset);
    if (time.isPresent()) {
      replayFrom(partition, time.get());
    } else if (!inFlight.seek(partition, offset)) {
      throw new UnsupportedOperationException(
          "Record "
              + offset
              + " of "
              + partition
              + " is not in flight: what was committed is no longer in the queue. Seek to a time,"
              + " which offsetsForTimes makes an offset of");
    }
  }

  /** Goes on with the oldest that is kept. */
  void toBeginning(Collection<TopicPartition> partitions) {
    all(partitions).forEach(partition -> replayFrom(partition, Instant.EPOCH));
  }

  /** Several partitions of a topic are one replay. */
  private void replayFrom(TopicPartition partition, Instant time) {
    ends.remove(partition.topic());
    replays.merge(partition.topic(), time, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** None of them stands for all. */
  private Collection<TopicPartition> all(Collection<TopicPartition> partitions) {
    return partitions.isEmpty() ? inFlight.reading() : partitions;
  }

  /**
   * Takes away what waits for the group, when it polls.
   *
   * @throws UnsupportedOperationException they are not all partitions of their topics
   */
  void toEnd(Collection<TopicPartition> partitions) {
    Set<TopicPartition> others = new HashSet<>(inFlight.reading());
    Collection<TopicPartition> wanted = all(partitions);
    others.removeAll(wanted);
    for (TopicPartition partition : wanted) {
      if (others.stream().anyMatch(other -> other.topic().equals(partition.topic()))) {
        throw new UnsupportedOperationException(
            "A queue can be emptied, one partition of it cannot: seek to the end of every partition"
                + " of "
                + partition.topic());
      }
      replays.remove(partition.topic());
      ends.add(partition.topic());
    }
  }

  /**
   * Begins the replays that were asked for, and empties queues.
   *
   * @throws UnsupportedOperationException nobody keeps what was asked for
   */
  void begin() {
    for (String topic : List.copyOf(ends)) {
      once(
          topic,
          ends,
          () -> {
            groups.find(group, directory.find(topic)).ifPresent(groups::skipAll);
            inFlight.forget(topic);
          });
    }
    for (Map.Entry<String, Instant> asked : Map.copyOf(replays).entrySet()) {
      String topic = asked.getKey();
      once(
          topic,
          replays.keySet(),
          () -> groups.replay(group, directory.find(topic), asked.getValue()));
    }
  }

  /** What may succeed later is tried again by the next poll. */
  private static void once(String topic, Set<String> waiting, Runnable work) {
    try {
      work.run();
    } catch (RetriableException | UnknownServerException e) {
      throw e;
    } catch (RuntimeException e) {
      waiting.remove(topic);
      throw e;
    }
    waiting.remove(topic);
  }

  /** Offsets that stand for times. */
  static Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
    Map<TopicPartition, OffsetAndTimestamp> offsets = new HashMap<>();
    times.forEach(
        (partition, time) ->
            offsets.put(partition, new OffsetAndTimestamp(TimeOffsets.offset(time), time)));
    return offsets;
  }
}
