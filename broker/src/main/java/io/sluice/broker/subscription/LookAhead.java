package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.Record;

/**
 * Finds, far ahead of cursors that stand before messages of noisy groups, messages of others: looks
 * a little further with every receive, and remembers what it found and nobody has taken. It knows
 * nothing that is not in the log, and begins anew with a restart. Guarded by the subscription's
 * lock; times are ms since the epoch.
 */
final class LookAhead {

  /** How many messages it remembers of a partition, or a few more. */
  private static final int MAX_FOUND = 10_000;

  /** How many of them are of one group. */
  private static final int MAX_OF_GROUP = 1000;

  /** How many records one receive looks at, or a few more. */
  private static final int AT_ONCE = 500;

  /** A message that was found. */
  record Found(long group, long availableAt) {}

  /** What is known of one partition. */
  private static final class Ahead {
    private final NavigableMap<Long, Found> found = new TreeMap<>();
    private final Map<Long, Integer> ofGroup = new HashMap<>();

    /**
     * Groups of which messages were passed, and where the first of those is. A tenth of all is a
     * noisy group's least share, and the others among them are found here: they stay few.
     */
    private final Map<Long, Long> passed = new HashMap<>();

    private long position;
    private long next;
    private int restarts;

    /**
     * Forgets what the cursor has passed, and everything when it began anew: what was taken ahead
     * of it may be there again, although it stands where it stood. A cursor that stands further
     * back was to move by a decision that came to nothing.
     */
    void follow(PartitionCursor followed, long cursor) {
      if (cursor < next || followed.restarts() != restarts) {
        found.clear();
        ofGroup.clear();
        passed.clear();
        position = cursor;
        restarts = followed.restarts();
      }
      next = cursor;
      position = Math.max(position, next);
      while (!found.isEmpty() && found.firstKey() < next) {
        remove(found.firstKey());
      }
    }

    boolean hasRoomFor(long group) {
      return group == 0 || ofGroup.getOrDefault(group, 0) < MAX_OF_GROUP;
    }

    void add(long offset, Found message) {
      if (found.put(offset, message) == null) {
        ofGroup.merge(message.group(), 1, Integer::sum);
      }
    }

    void remove(long offset) {
      Found removed = found.remove(offset);
      if (removed != null) {
        ofGroup.computeIfPresent(removed.group(), (group, some) -> some == 1 ? null : some - 1);
      }
    }
  }

  private final SubscriptionState state;
  private final SourceMessages messages;
  private final Taker taker;
  private final Map<PartitionCursor, Ahead> partitions = new HashMap<>();

  LookAhead(SubscriptionState state, SourceMessages messages, Taker taker) {
    this.state = state;
    this.messages = messages;
    this.taker = taker;
  }

  /** Whether it remembers anything. */
  boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** Forgets what has gone, and what the cursors have passed. */
  void follow() {
    partitions.keySet().removeIf(cursor -> !state.has(cursor));
    partitions.forEach((cursor, ahead) -> ahead.follow(cursor, cursor.next()));
    partitions.values().removeIf(ahead -> ahead.position == ahead.next);
  }

  /** What was found ahead of a cursor and nobody has taken, by offset. */
  NavigableMap<Long, Found> found(PartitionCursor cursor) {
    Ahead ahead = partitions.get(cursor);
    return ahead == null
        ? Collections.emptyNavigableMap()
        : Collections.unmodifiableNavigableMap(ahead.found);
  }

  /** Forgets what was found there. */
  void forget(PartitionCursor cursor, List<Long> offsets) {
    Ahead ahead = partitions.get(cursor);
    if (ahead != null) {
      offsets.forEach(ahead::remove);
    }
  }

  /**
   * Looks on ahead of a cursor, for messages that should come before those of the group that it
   * stands before.
   *
   * @param from where the cursor will stand
   * @throws org.apache.kafka.common.errors.KafkaStorageException the disk does not give it
   */
  void extend(PartitionCursor cursor, PartitionLog log, long from, long group) {
    Ahead ahead = partitions.computeIfAbsent(cursor, unknown -> new Ahead());
    ahead.follow(cursor, Math.max(from, log.startOffset()));
    goBack(ahead, group);
    long bound = Depths.bound(cursor, log);
    int looked = 0;
    while (looked < AT_ONCE && ahead.position < bound && ahead.found.size() < MAX_FOUND) {
      RecordChunk chunk = messages.scan(cursor, log, ahead.position);
      if (chunk.next() <= ahead.position) {
        return;
      }
      look(cursor, chunk, ahead, bound, group);
      looked += Math.max(1, chunk.records().length);
      ahead.position = Math.min(chunk.next(), bound);
    }
  }

  private void look(
      PartitionCursor cursor, RecordChunk chunk, Ahead ahead, long bound, long noisyGroup) {
    for (int i = chunk.indexOf(ahead.position); i < chunk.records().length; i++) {
      Record record = chunk.records()[i];
      if (record.offset() >= bound) {
        return;
      }
      long group = MessageGroups.ofKey(record);
      if (ahead.hasRoomFor(group) && state.loads().isBefore(group, noisyGroup)) {
        ahead.add(record.offset(), new Found(group, taker.availableAt(cursor, record)));
      } else {
        ahead.passed.putIfAbsent(group, record.offset());
      }
    }
  }

  /** To where messages were passed of a group that has none left here and should come now. */
  private void goBack(Ahead ahead, long noisyGroup) {
    Iterator<Map.Entry<Long, Long>> each = ahead.passed.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Long, Long> passed = each.next();
      long group = passed.getKey();
      if (!ahead.ofGroup.containsKey(group) && state.loads().isBefore(group, noisyGroup)) {
        ahead.position = Math.min(ahead.position, Math.max(passed.getValue(), ahead.next));
        each.remove();
      }
    }
  }
}
