package io.sluice.broker.subscription;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription knows of every message: a pure state machine that changes only by {@link
 * #apply}. It knows no clock, no disk and no thread; its owner guards it.
 */
final class SubscriptionState {

  private final Map<Uuid, List<PartitionCursor>> sources = new LinkedHashMap<>();
  private final Set<Uuid> ended = new HashSet<>();
  private final List<PartitionCursor> allCursors = new ArrayList<>();
  private final SortedChunks<Outstanding> byDeadline = new SortedChunks<>(Outstanding.BY_DEADLINE);
  private int delayed;
  private int nextOrdinal;
  private boolean deleted;
  private long latestReceive;

  private final GroupLoads loads = new GroupLoads();

  /** Null in a standard queue. */
  private @Nullable MessageGroups groups;

  void apply(CursorEvent event) {
    switch (event) {
      case CursorEvent.Created() -> deleted = false;
      case CursorEvent.Deleted() -> {
        deleted = true;
        List.copyOf(sources.keySet()).forEach(this::remove);
      }
      case CursorEvent.SourceAdded(Uuid sourceId, Uuid topicId, List<Long> starts) -> {
        remove(sourceId);
        sources.put(sourceId, new ArrayList<>());
        addCursors(sourceId, topicId, starts);
      }
      case CursorEvent.PartitionsAdded(Uuid sourceId, List<Long> starts) ->
          addCursors(sourceId, cursors(sourceId).getFirst().topicId(), starts);
      case CursorEvent.SourceEnded(Uuid sourceId, List<Long> ends) -> {
        ended.add(sourceId);
        forEach(sourceId, ends, PartitionCursor::end);
        // What nobody finds any more must not keep the source from being drained.
        cursors(sourceId).stream().skip(ends.size()).forEach(this::endLost);
      }
      case CursorEvent.SourceRestarted(Uuid sourceId, List<Long> starts) ->
          forEach(sourceId, starts, this::restart);
      case CursorEvent.Skipped(Uuid sourceId, List<Long> ends) ->
          forEach(
              sourceId,
              ends,
              (cursor, end) -> {
                forgetBelow(cursor, end);
                cursor.next(Math.max(cursor.next(), end));
              });
      case CursorEvent.Shortened(Uuid sourceId, List<Long> ends) ->
          forEach(sourceId, ends, this::shorten);
      case CursorEvent.SourceDrained(Uuid sourceId) -> remove(sourceId);
      case CursorEvent.Acquired acquired -> apply(acquired);
      case CursorEvent.Delayed hidden -> apply(hidden);
      case CursorEvent.TakenAhead(Uuid sourceId, int partition, List<Long> offsets) ->
          cursor(sourceId, partition).takenAhead().addAll(offsets);
      case CursorEvent.Acknowledged(Uuid sourceId, int partition, List<Long> offsets) -> {
        PartitionCursor cursor = cursor(sourceId, partition);
        offsets.forEach(offset -> forget(cursor, offset));
      }
      case CursorEvent.VisibilityChanged(Uuid sourceId, int partition, long offset, long until) ->
          lock(cursor(sourceId, partition), offset, until);
      case CursorEvent.Leased leased -> apply(leased);
      case CursorEvent.Held held -> apply(held);
      case CursorEvent.Relocked(Uuid sourceId, int partition, long until, List<Long> offsets) -> {
        PartitionCursor cursor = cursor(sourceId, partition);
        offsets.forEach(offset -> lock(cursor, offset, until));
      }
      case CursorEvent.CursorMoved(Uuid sourceId, int partition, long offset) ->
          restart(cursor(sourceId, partition), offset);
    }
  }

  private void apply(CursorEvent.Leased event) {
    PartitionCursor cursor = cursor(event.sourceId(), event.partition());
    for (long offset : event.offsets()) {
      Outstanding before = cursor.find(offset).orElseGet(() -> Outstanding.at(cursor, offset));
      put(before.acquired(event.now(), event.deadline(), event.owner()));
    }
    latestReceive = Math.max(latestReceive, event.now());
    cursor.next(Math.max(cursor.next(), event.next()));
  }

  private void lock(PartitionCursor cursor, long offset, long until) {
    cursor.find(offset).ifPresent(outstanding -> put(outstanding.until(until)));
  }

  private void restart(PartitionCursor cursor, long start) {
    forgetBelow(cursor, Long.MAX_VALUE);
    cursor.restart(Math.min(start, cursor.end()));
  }

  private void apply(CursorEvent.Acquired event) {
    PartitionCursor cursor = cursor(event.sourceId(), event.partition());
    for (int i = 0; i < event.offsets().size(); i++) {
      long offset = event.offsets().get(i);
      long group = event.groups().isEmpty() ? 0 : event.groups().get(i);
      Outstanding before =
          cursor.find(offset).orElseGet(() -> Outstanding.at(cursor, offset, group));
      put(before.acquired(event.now(), event.deadline(), event.attempt() + i));
    }
    latestReceive = Math.max(latestReceive, event.now());
    cursor.next(Math.max(cursor.next(), event.next()));
  }

  private void apply(CursorEvent.Delayed event) {
    PartitionCursor cursor = cursor(event.sourceId(), event.partition());
    for (int i = 0; i < event.offsets().size(); i++) {
      put(new Outstanding(cursor, event.offsets().get(i), event.until().get(i), 0, 0, 0, 0));
    }
    cursor.next(Math.max(cursor.next(), event.next()));
  }

  private void apply(CursorEvent.Held event) {
    PartitionCursor cursor = cursor(event.sourceId(), event.partition());
    for (int i = 0; i < event.offsets().size(); i++) {
      long group = event.groups().get(i);
      put(new Outstanding(cursor, event.offsets().get(i), 0, 0, 0, 0, group));
    }
    cursor.next(Math.max(cursor.next(), event.next()));
  }

  private void addCursors(Uuid sourceId, Uuid topicId, List<Long> starts) {
    List<PartitionCursor> cursors = cursors(sourceId);
    for (long start : starts) {
      PartitionCursor added =
          new PartitionCursor(sourceId, topicId, cursors.size(), nextOrdinal++, start);
      cursors.add(added);
      allCursors.add(added);
    }
  }

  /** Something done to a cursor with an offset. */
  private interface WithOffset {
    void accept(PartitionCursor cursor, long offset);
  }

  private void forEach(Uuid sourceId, List<Long> offsets, WithOffset action) {
    List<PartitionCursor> cursors = cursors(sourceId);
    for (int i = 0; i < offsets.size(); i++) {
      action.accept(cursors.get(i), offsets.get(i));
    }
  }

  /** Puts back what a snapshot holds. */
  void restore(Outstanding outstanding) {
    put(outstanding);
    latestReceive = Math.max(latestReceive, outstanding.firstReceived());
  }

  /** A time at or after which something was received last, ms since the epoch; 0: none is known. */
  long latestReceive() {
    return latestReceive;
  }

  private void put(Outstanding outstanding) {
    forget(outstanding.cursor(), outstanding.offset());
    outstanding.cursor().outstanding().add(outstanding);
    byDeadline.add(outstanding);
    delayed += outstanding.delayed() ? 1 : 0;
    if (groups != null) {
      groups.add(outstanding);
    } else {
      loads.add(outstanding);
    }
  }

  private void forget(PartitionCursor cursor, long offset) {
    Outstanding before = cursor.outstanding().remove(Outstanding.at(cursor, offset));
    if (before != null) {
      byDeadline.remove(before);
      delayed -= before.delayed() ? 1 : 0;
      if (groups != null) {
        groups.remove(before);
      } else {
        loads.remove(before);
      }
    }
  }

  private void forgetBelow(PartitionCursor cursor, long offset) {
    while (!cursor.outstanding().isEmpty() && cursor.outstanding().first().offset() < offset) {
      forget(cursor, cursor.outstanding().first().offset());
    }
  }

  private void endLost(PartitionCursor cursor) {
    forgetBelow(cursor, Long.MAX_VALUE);
    cursor.takenAhead().clear();
    cursor.end(cursor.next());
  }

  private void shorten(PartitionCursor cursor, long end) {
    while (!cursor.outstanding().isEmpty() && cursor.outstanding().last().offset() >= end) {
      forget(cursor, cursor.outstanding().last().offset());
    }
    cursor.takenAhead().tailSet(end).clear();
    cursor.next(Math.min(cursor.next(), end));
    if (ended(cursor.sourceId())) {
      cursor.end(Math.min(cursor.end(), end));
    }
  }

  private void remove(Uuid sourceId) {
    List<PartitionCursor> cursors = sources.remove(sourceId);
    if (cursors != null) {
      cursors.forEach(cursor -> forgetBelow(cursor, Long.MAX_VALUE));
      allCursors.removeAll(cursors);
    }
    ended.remove(sourceId);
  }

  /** Keeps account of message groups from now on. */
  MessageGroups groups() {
    MessageGroups known = groups;
    if (known == null) {
      known = new MessageGroups();
      for (Outstanding message : byDeadline) {
        known.add(message);
        loads.remove(message);
      }
      groups = known;
    }
    return known;
  }

  /** What the groups of a standard queue take of its consumers. */
  GroupLoads loads() {
    return loads;
  }

  boolean deleted() {
    return deleted;
  }

  /** Sources that have not been drained, in the order of their addition. */
  Set<Uuid> sources() {
    return sources.keySet();
  }

  /** Those of the sources that bring nothing new. */
  Set<Uuid> endedSources() {
    return ended;
  }

  boolean ended(Uuid sourceId) {
    return ended.contains(sourceId);
  }

  boolean drained(Uuid sourceId) {
    return ended(sourceId) && cursors(sourceId).stream().allMatch(PartitionCursor::drained);
  }

  /** The cursors of a source, by partition; empty for a source that is not known. */
  List<PartitionCursor> cursors(Uuid sourceId) {
    return sources.getOrDefault(sourceId, List.of());
  }

  /** The cursors of all sources. */
  List<PartitionCursor> cursors() {
    return allCursors;
  }

  /** Whether it is one of the cursors. */
  boolean has(PartitionCursor cursor) {
    List<PartitionCursor> known = cursors(cursor.sourceId());
    return cursor.partition() < known.size() && known.get(cursor.partition()).equals(cursor);
  }

  private PartitionCursor cursor(Uuid sourceId, int partition) {
    return cursors(sourceId).get(partition);
  }

  /** Everything outstanding, the one whose deadline comes first first. */
  SortedChunks<Outstanding> byDeadline() {
    return byDeadline;
  }

  /** How many are outstanding because they were received. */
  int received() {
    return byDeadline.size() - delayed;
  }

  /** How many are outstanding because of their delay. */
  int delayed() {
    return delayed;
  }
}
