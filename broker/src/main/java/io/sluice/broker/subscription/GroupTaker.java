package io.sluice.broker.subscription;

import io.sluice.broker.subscription.MessageGroups.Group;
import io.sluice.log.PartitionLog;
import io.sluice.log.clock.Clocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one receive takes from a FIFO queue, and says so as events. The cursors run ahead of
 * what is received and hold what they pass, so that a blocked group does not stand in the way of
 * the others. Guarded by the subscription's lock.
 */
final class GroupTaker {

  /** How far a FIFO queue looks for groups that are not blocked (Amazon's "FIFO queue quotas"). */
  static final int MAX_HELD = 20_000;

  /**
   * How many messages are held if there are so many, so that a receive finds several of one group;
   * and how many one event holds.
   */
  private static final int FEW_HELD = 256;

  private final SubscriptionState state;
  private final MessageGroups groups;
  private final ChunkCache cache;
  private final SourceMessages messages;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Clocks clocks;
  private int rotation;

  /** When the first message comes of age that the cursors stand before; ms since the epoch. */
  private long nextOfAge = Long.MAX_VALUE;

  private @Nullable KafkaStorageException unreadable;

  // Of one receive.
  private int left;

  GroupTaker(
      SubscriptionState state,
      ChunkCache cache,
      SourceMessages messages,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Clocks clocks) {
    this.state = state;
    this.groups = state.groups();
    this.cache = cache;
    this.messages = messages;
    this.logs = logs;
    this.clocks = clocks;
  }

  /** How many messages are in flight. */
  int inFlight() {
    return groups.inFlight();
  }

  /** When there may be something to take, other than what is appended; ms since the epoch. */
  long nextDeadline() {
    return groups.ready().isEmpty() ? Math.min(groups.nextUnblocked(), nextOfAge) : 0;
  }

  /**
   * What the cursors should pass before {@code max} messages are taken, and hold. To be called
   * again when that has been applied, until there is none.
   *
   * @param now ms since the epoch
   * @param delay for how long nobody may receive a message, ms
   */
  List<CursorEvent> ahead(int max, long now, long delay) {
    groups.advance(now);
    nextOfAge = Long.MAX_VALUE;
    // More groups than are asked for: so that those which always fail do not starve the others.
    int few = groups.ready().size() > max ? FEW_HELD / 2 : MAX_HELD;
    if (state.delayed() >= few) {
      return List.of();
    }
    List<CursorEvent> held = new ArrayList<>();
    List<PartitionCursor> cursors = state.cursors();
    int left = Math.min(FEW_HELD, MAX_HELD - state.delayed());
    for (int i = 0; i < cursors.size() && left > 0; i++) {
      PartitionCursor cursor = cursors.get(Math.floorMod(rotation + i, cursors.size()));
      Optional<CursorEvent.Held> some = ahead(cursor, left, now, delay);
      held.addAll(some.stream().toList());
      left -= some.map(event -> event.offsets().size()).orElse(0);
    }
    rotation++;
    return held;
  }

  private Optional<CursorEvent.Held> ahead(PartitionCursor cursor, int max, long now, long delay) {
    try {
      return logs.apply(cursor).flatMap(log -> ahead(cursor, log, max, now, delay));
    } catch (KafkaStorageException e) {
      unreadable = e;
      return Optional.empty();
    }
  }

  private Optional<CursorEvent.Held> ahead(
      PartitionCursor cursor, PartitionLog log, int max, long now, long delay) {
    long next = Math.max(cursor.next(), log.startOffset());
    long bound = Math.min(cursor.end(), log.lastStableOffset());
    List<Long> offsets = new ArrayList<>();
    List<Long> group = new ArrayList<>();
    boolean full = false;
    while (!full && next < bound) {
      RecordChunk chunk = messages.read(cache, cursor, log, next, max - offsets.size());
      if (chunk.next() <= next) {
        break;
      }
      for (int i = chunk.indexOf(next); i < chunk.records().length && !full; i++) {
        Record record = chunk.records()[i];
        long availableAt = availableAt(record, now, delay);
        boolean young = availableAt > now;
        full = record.offset() >= bound || offsets.size() == max || young;
        if (full) {
          next = Math.min(record.offset(), bound);
          nextOfAge = young ? Math.min(nextOfAge, availableAt) : nextOfAge;
        } else {
          offsets.add(record.offset());
          group.add(MessageGroups.of(record, cursor));
        }
      }
      next = full ? next : Math.min(chunk.next(), bound);
    }
    return next > cursor.next()
        ? Optional.of(
            new CursorEvent.Held(cursor.sourceId(), cursor.partition(), next, offsets, group))
        : Optional.empty();
  }

  /**
   * When a message that has a delay may be received: at once, where that would be too far away, as
   * the clock it was stamped with was ahead.
   */
  long availableAt(Record record, long now, long delay) {
    if (delay == 0) {
      return now;
    }
    long availableAt = clocks.steadyMillis(record.timestamp()) + delay;
    return availableAt - now > 2 * delay ? now : availableAt;
  }

  /**
   * Takes up to {@code max} messages, as many of one group as possible (Amazon's "FIFO queue
   * delivery logic"). There is no error when there are enough in flight.
   */
  void take(int max, Decision decision) {
    if (unreadable != null) {
      decision.unreadable(unreadable);
      unreadable = null;
    }
    left = max;
    for (Group group : groups.ready()) {
      if (left <= 0 || decision.isFull()) {
        break;
      }
      try {
        take(group, decision);
      } catch (KafkaStorageException e) {
        decision.unreadable(e);
      }
    }
    decision.settleAgain();
  }

  private void take(Group group, Decision decision) {
    for (Outstanding outstanding : group.messages()) {
      if (left <= 0 || decision.room() <= 0) {
        return;
      }
      PartitionCursor cursor = outstanding.cursor();
      Optional<Record> record =
          cache.record(logs.apply(cursor).orElseThrow(), outstanding.offset());
      if (record.isEmpty()) {
        decision.vanished(cursor, outstanding.offset());
      } else if (decision.fits(record.get())) {
        decision.again(cursor, record.get());
        decision.useRoom(1);
        left--;
      } else {
        return;
      }
    }
  }
}
