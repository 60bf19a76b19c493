package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.Record;

/**
 * Takes from a standard queue what was never received: in the order of the log, but that messages
 * of noisy groups wait while there are others (Amazon's "How Amazon SQS fair queues work"). Those
 * others are taken from behind them, wherever they are, and the cursors pass over them later; so a
 * noisy group's backlog costs nothing, however long it is. Guarded by the subscription's lock.
 */
final class NewMessages {

  /** How many messages the cursors of a queue will pass over. */
  private static final int MAX_TAKEN_AHEAD = 100_000;

  private final SubscriptionState state;
  private final ChunkCache cache;
  private final SourceMessages messages;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Taker taker;
  private final LookAhead lookAhead;
  private int rotation;

  // Of one decision.
  private Decision decision = new Decision(0, 0, 0);
  private long now;
  private int delayed;

  /** Where cursors stand that have moved in it. */
  private final Map<PartitionCursor, Long> moved = new HashMap<>();

  /** What it takes ahead of cursors. */
  private final Map<PartitionCursor, NavigableSet<Long>> ahead = new HashMap<>();

  /** Of what groups it takes how many ahead of cursors. */
  private final Map<Long, Integer> taken = new HashMap<>();

  /** The cursors that stand before a noisy group's message, and which group. */
  private final Map<PartitionCursor, Long> noisy = new HashMap<>();

  NewMessages(
      SubscriptionState state,
      ChunkCache cache,
      SourceMessages messages,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Taker taker) {
    this.state = state;
    this.cache = cache;
    this.messages = messages;
    this.logs = logs;
    this.taker = taker;
    this.lookAhead = new LookAhead(state, messages, taker);
  }

  /** Starts a decision at a time, in ms since the epoch. */
  void begin(Decision begun, long atTime) {
    decision = begun;
    now = atTime;
    delayed = 0;
    moved.clear();
    forgetTaken();
    taken.clear();
    noisy.clear();
    state.loads().advance(atTime);
    if (!lookAhead.isEmpty()) {
      lookAhead.follow();
    }
  }

  /** What the decision before took, unless it came to nothing as the disk had no room for it. */
  private void forgetTaken() {
    ahead.forEach(
        (cursor, offsets) -> {
          offsets.retainAll(cursor.takenAhead());
          lookAhead.forget(cursor, List.copyOf(offsets));
        });
    ahead.clear();
  }

  /** Takes messages until the decision has {@code max}, or is full. */
  void take(int max) {
    int before = decision.deliveries().size();
    noisy.clear();
    takeInOrder(max, true);
    if (!noisy.isEmpty() && mayTake(max) > 0) {
      takeAhead(max, false);
      takeAhead(max, true);
      takeInOrder(max, false);
    }
    // A turn that left no room for new messages is nobody's, or some would never have theirs.
    rotation += decision.deliveries().size() > before ? 1 : 0;
  }

  private int mayTake(int max) {
    return decision.isFull() ? 0 : Math.min(max - decision.deliveries().size(), decision.room());
  }

  /**
   * @param quietOnly whether cursors stop before messages of noisy groups, which is noted
   */
  private void takeInOrder(int max, boolean quietOnly) {
    List<PartitionCursor> cursors = state.cursors();
    for (int i = 0; i < cursors.size(); i++) {
      int left = mayTake(max);
      if (left <= 0) {
        break;
      }
      PartitionCursor cursor = cursors.get(Math.floorMod(rotation + i, cursors.size()));
      Optional<PartitionLog> log = logs.apply(cursor);
      long bytesOfOthers = decision.bytes();
      try {
        log.ifPresent(found -> takeInOrder(cursor, found, left, quietOnly));
      } catch (KafkaStorageException e) {
        decision.unreadable(e);
        decision.bytes(bytesOfOthers);
      }
    }
  }

  private void takeInOrder(PartitionCursor cursor, PartitionLog log, int max, boolean quietOnly) {
    long next = next(cursor, log);
    long bound = Depths.bound(cursor, log);
    List<Record> found = new ArrayList<>();
    List<Long> hidden = new ArrayList<>();
    List<Long> until = new ArrayList<>();
    boolean full = false;
    while (!full && next < bound) {
      RecordChunk chunk =
          messages
              .read(cache, cursor, log, next, max - found.size())
              .without(ahead.getOrDefault(cursor, Collections.emptyNavigableSet()));
      if (chunk.next() <= next) {
        break;
      }
      for (int i = chunk.indexOf(next); i < chunk.records().length && !full; i++) {
        Record record = chunk.records()[i];
        long availableAt = taker.availableAt(cursor, record);
        full =
            record.offset() >= bound
                || found.size() == max
                || (quietOnly && isNoisy(cursor, record))
                || (availableAt <= now && !decision.fits(record))
                || (availableAt > now && !taker.mayDelay(delayed + hidden.size()));
        if (full) {
          next = record.offset();
        } else if (availableAt > now) {
          hidden.add(record.offset());
          until.add(availableAt);
        } else {
          found.add(record);
        }
      }
      next = full ? Math.min(next, bound) : Math.min(chunk.next(), bound);
    }
    hide(cursor, hidden, until);
    if (next > cursor.next() && next > moved.getOrDefault(cursor, -1L)) {
      acquire(cursor, next, found);
    }
  }

  private long next(PartitionCursor cursor, PartitionLog log) {
    return Math.max(moved.getOrDefault(cursor, cursor.next()), log.startOffset());
  }

  private boolean isNoisy(PartitionCursor cursor, Record record) {
    long group = MessageGroups.ofKey(record);
    boolean isNoisy = state.loads().isNoisy(group);
    if (isNoisy) {
      noisy.put(cursor, group);
    }
    return isNoisy;
  }

  private void hide(PartitionCursor cursor, List<Long> hidden, List<Long> until) {
    if (!hidden.isEmpty()) {
      delayed += hidden.size();
      // The cursor itself moves with the last event, so that no prefix of the journal skips any.
      decision.add(
          new CursorEvent.Delayed(
              cursor.sourceId(), cursor.partition(), cursor.next(), hidden, until));
    }
  }

  private void acquire(PartitionCursor cursor, long next, List<Record> records) {
    moved.put(cursor, next);
    List<Long> groups = records.stream().map(MessageGroups::ofKey).toList();
    List<Long> offsets = records.stream().map(Record::offset).toList();
    long attempt = decision.acquire(cursor, next, offsets, groups);
    decision.useRoom(records.size());
    for (int i = 0; i < records.size(); i++) {
      Outstanding outstanding = Outstanding.at(cursor, offsets.get(i), groups.get(i));
      decision.deliver(outstanding.acquired(now, decision.deadline(), attempt + i), records.get(i));
    }
  }

  /**
   * Takes from behind the noisy messages that cursors stand before.
   *
   * @param noisyToo whether those of groups are taken too that have become noisy since they were
   *     found, but have less in flight
   */
  private void takeAhead(int max, boolean noisyToo) {
    List<PartitionCursor> cursors = state.cursors();
    int room = MAX_TAKEN_AHEAD;
    for (PartitionCursor cursor : cursors) {
      room -= cursor.takenAhead().size();
    }
    for (int i = 0; i < cursors.size(); i++) {
      PartitionCursor cursor = cursors.get(Math.floorMod(rotation + i, cursors.size()));
      int left = Math.min(mayTake(max), room);
      Optional<PartitionLog> log = logs.apply(cursor);
      if (left > 0 && noisy.containsKey(cursor) && log.isPresent()) {
        room -= takeAhead(cursor, log.get(), left, noisyToo);
      }
    }
  }

  private int takeAhead(PartitionCursor cursor, PartitionLog log, int max, boolean noisyToo) {
    List<Record> found = new ArrayList<>();
    try {
      if (!noisyToo) {
        lookAhead.extend(cursor, log, next(cursor, log), noisy.getOrDefault(cursor, 0L));
      }
      find(cursor, log, max, noisyToo, found);
    } catch (KafkaStorageException e) {
      decision.unreadable(e);
    }
    if (!found.isEmpty()) {
      acquire(cursor, moved.getOrDefault(cursor, cursor.next()), found);
      List<Long> offsets = found.stream().map(Record::offset).toList();
      decision.add(new CursorEvent.TakenAhead(cursor.sourceId(), cursor.partition(), offsets));
      ahead.computeIfAbsent(cursor, none -> new TreeSet<>()).addAll(offsets);
    }
    return found.size();
  }

  private void find(
      PartitionCursor cursor, PartitionLog log, int max, boolean noisyToo, List<Record> found) {
    List<Long> gone = new ArrayList<>();
    NavigableSet<Long> already = ahead.getOrDefault(cursor, Collections.emptyNavigableSet());
    for (Map.Entry<Long, LookAhead.Found> candidate : lookAhead.found(cursor).entrySet()) {
      if (found.size() == max || decision.isFull()) {
        break;
      }
      long group = candidate.getValue().group();
      boolean isWanted = noisyToo ? hasLess(group, cursor) : !state.loads().isNoisy(group);
      boolean isTaken = already.contains(candidate.getKey());
      if (!isWanted || isTaken || candidate.getValue().availableAt() > now) {
        continue;
      }
      Optional<Record> record = cache.recordAlone(log, candidate.getKey());
      if (record.isPresent() && !decision.fits(record.get())) {
        break;
      }
      if (record.isPresent()) {
        found.add(record.get());
        taken.merge(group, 1, Integer::sum);
      } else {
        gone.add(candidate.getKey());
      }
    }
    lookAhead.forget(cursor, gone);
  }

  private boolean hasLess(long group, PartitionCursor before) {
    return inFlight(group) < inFlight(noisy.getOrDefault(before, 0L));
  }

  private int inFlight(long group) {
    return state.loads().inFlight(group) + taken.getOrDefault(group, 0);
  }
}
