package io.sluice.broker.subscription;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a subscription should know, written as plainly as possible: every message in one map. */
final class Model {

  /** A message as one source brings it. */
  record Place(int source, int partition, long offset) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::source)
            .thenComparingInt(Place::partition)
            .thenComparingLong(Place::offset);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** A record of a topic; {@code availableAt} is null for one without delay. */
  record Logged(int partition, long offset, Instant timestamp, @Nullable Instant availableAt) {}

  /** A message that nobody has acknowledged. */
  record Message(
      int receiveCount,
      @Nullable Instant firstReceivedAt,
      @Nullable Instant hiddenUntil,
      long attempt) {

    boolean hidden(Instant now) {
      return hiddenUntil != null && hiddenUntil.isAfter(now);
    }

    boolean inFlight(Instant now) {
      return receiveCount > 0 && hidden(now);
    }
  }

  /** The messages that are not acknowledged. */
  final TreeMap<Place, Message> messages;

  /** The sources that bring nothing new. */
  final Set<Integer> ended;

  Model() {
    this(Map.of(), Set.of());
  }

  private Model(Map<Place, Message> messages, Collection<Integer> ended) {
    this.messages = new TreeMap<>(messages);
    this.ended = new TreeSet<>(ended);
  }

  Model copy() {
    return new Model(messages, ended);
  }

  void arrived(int source, Logged record) {
    messages.put(
        new Place(source, record.partition(), record.offset()),
        new Message(0, null, record.availableAt(), -1));
  }

  /** Replaces what a source brings. */
  void restart(int source, List<Logged> records) {
    messages.keySet().removeIf(key -> key.source() == source);
    records.forEach(record -> arrived(source, record));
  }

  /** Replaces what a source brings from one partition. */
  void move(int source, int partition, List<Logged> records) {
    messages.keySet().removeIf(key -> key.source() == source && key.partition() == partition);
    records.forEach(record -> arrived(source, record));
  }

  long count(Predicate<Message> condition) {
    return messages.values().stream().filter(condition).count();
  }

  boolean drained(int source) {
    return ended.contains(source)
        && messages.keySet().stream().noneMatch(key -> key.source() == source);
  }
}
