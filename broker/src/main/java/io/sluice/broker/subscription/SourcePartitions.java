package io.sluice.broker.subscription;

import io.sluice.broker.StartingPoint;
import io.sluice.log.PartitionLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.Uuid;

/**
 * The partitions behind a subscription's sources, watched for news, and what moving a source means
 * in their offsets. Guarded by the subscription's lock; the events must be applied before the next
 * decision.
 */
final class SourcePartitions {

  private final SubscriptionState state;
  private final Runnable newsListener;
  private final Map<Uuid, List<PartitionLog>> logs = new HashMap<>();

  /**
   * Nothing is watched yet.
   *
   * @param newsListener called on the log's own threads when there may be more to receive
   */
  SourcePartitions(SubscriptionState state, Runnable newsListener) {
    this.state = state;
    this.newsListener = newsListener;
  }

  /** Replaces the partitions of a source; those that an ended one does not know are left out. */
  void watch(Uuid sourceId, List<PartitionLog> partitions) {
    unwatch(sourceId);
    int known = Math.min(state.cursors(sourceId).size(), partitions.size());
    List<PartitionLog> watched = List.copyOf(partitions.subList(0, known));
    logs.put(sourceId, watched);
    watched.forEach(partition -> partition.addListener(newsListener));
  }

  void unwatch(Uuid sourceId) {
    List<PartitionLog> before = logs.remove(sourceId);
    if (before != null) {
      before.forEach(partition -> partition.removeListener(newsListener));
    }
  }

  /** The sources that have partitions; a copy. */
  Set<Uuid> watched() {
    return Set.copyOf(logs.keySet());
  }

  /** Where a cursor reads; empty while its source has not been attached. */
  Optional<PartitionLog> log(PartitionCursor cursor) {
    List<PartitionLog> partitions = partitions(cursor.sourceId());
    return cursor.partition() < partitions.size()
        ? Optional.of(partitions.get(cursor.partition()))
        : Optional.empty();
  }

  private List<PartitionLog> partitions(Uuid sourceId) {
    return logs.getOrDefault(sourceId, List.of());
  }

  /** Whether the cursors of a source have passed these offsets, by partition. */
  boolean hasPassed(Uuid sourceId, List<Long> ends) {
    List<PartitionCursor> cursors = state.cursors(sourceId);
    for (int i = 0; i < Math.min(cursors.size(), ends.size()); i++) {
      if (cursors.get(i).next() < Math.min(ends.get(i), cursors.get(i).end())) {
        return false;
      }
    }
    return true;
  }

  CursorEvent added(
      Uuid sourceId, Uuid topicId, List<PartitionLog> partitions, StartingPoint start) {
    return new CursorEvent.SourceAdded(sourceId, topicId, offsets(partitions, start::in));
  }

  /** The partitions that a known source lacks; none for one that has ended. */
  Optional<CursorEvent> grown(Uuid sourceId, List<PartitionLog> partitions) {
    int known = state.cursors(sourceId).size();
    if (known == 0 || partitions.size() <= known || state.ended(sourceId)) {
      return Optional.empty();
    }
    List<PartitionLog> added = partitions.subList(known, partitions.size());
    return Optional.of(
        new CursorEvent.PartitionsAdded(sourceId, offsets(added, PartitionLog::startOffset)));
  }

  /**
   * Whether a partition ends before what its cursor has passed, as after a power loss where the
   * operating system held what counts as durable. What is appended next gets those offsets again,
   * and must be delivered.
   */
  Optional<CursorEvent> shortened(Uuid sourceId, List<PartitionLog> partitions) {
    List<PartitionCursor> cursors = state.cursors(sourceId);
    int both = Math.min(cursors.size(), partitions.size());
    for (int i = 0; i < both; i++) {
      PartitionCursor cursor = cursors.get(i);
      long reached = state.ended(sourceId) ? cursor.end() : cursor.next();
      if (reached > partitions.get(i).endOffset()) {
        return Optional.of(
            new CursorEvent.Shortened(
                sourceId, offsets(partitions.subList(0, both), PartitionLog::endOffset)));
      }
    }
    return Optional.empty();
  }

  /** The source's end is here; empty when it has one. */
  Optional<CursorEvent> ended(Uuid sourceId) {
    if (!state.sources().contains(sourceId) || state.ended(sourceId)) {
      return Optional.empty();
    }
    return Optional.of(
        new CursorEvent.SourceEnded(
            sourceId, offsets(partitions(sourceId), PartitionLog::highWatermark)));
  }

  CursorEvent restarted(Uuid sourceId, StartingPoint start) {
    return new CursorEvent.SourceRestarted(sourceId, offsets(partitions(sourceId), start::in));
  }

  /** One partition of a source begins anew at an offset, or at its nearer end. */
  Optional<CursorEvent> moved(Uuid sourceId, int partition, long offset) {
    List<PartitionLog> logs = partitions(sourceId);
    return partition < logs.size()
        ? Optional.of(
            new CursorEvent.CursorMoved(
                sourceId, partition, new StartingPoint.Offset(offset).in(logs.get(partition))))
        : Optional.empty();
  }

  List<CursorEvent> allRestarted(StartingPoint start) {
    return state.sources().stream().map(sourceId -> restarted(sourceId, start)).toList();
  }

  /** Everything that is there now is done with. */
  List<CursorEvent> allSkipped() {
    return logs.keySet().stream().map(this::skipped).toList();
  }

  private CursorEvent skipped(Uuid sourceId) {
    List<PartitionLog> partitions = partitions(sourceId);
    return new CursorEvent.Skipped(
        sourceId,
        state.cursors(sourceId).stream()
            // A metadata journal that lost its end may know of fewer.
            .limit(partitions.size())
            .map(
                cursor ->
                    Math.min(cursor.end(), partitions.get(cursor.partition()).highWatermark()))
            .toList());
  }

  private static List<Long> offsets(
      List<PartitionLog> partitions, ToLongFunction<PartitionLog> offset) {
    return partitions.stream().map(offset::applyAsLong).toList();
  }
}
