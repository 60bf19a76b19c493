package io.sluice.broker.subscription;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * One entry of a subscription's journal. Offsets are of the source's partition; times are ms since
 * the epoch.
 */
sealed interface CursorEvent {

  /** The subscription exists, and reads nothing yet. */
  record Created() implements CursorEvent {}

  /** The subscription is gone. */
  record Deleted() implements CursorEvent {}

  /** It reads partitions {@code 0 … starts.size() - 1} of a topic from those offsets on. */
  record SourceAdded(Uuid sourceId, Uuid topicId, List<Long> starts) implements CursorEvent {}

  /** The topic has grown by so many partitions. */
  record PartitionsAdded(Uuid sourceId, List<Long> starts) implements CursorEvent {}

  /** Nothing at or beyond these offsets is delivered any more. */
  record SourceEnded(Uuid sourceId, List<Long> ends) implements CursorEvent {}

  /** The source begins anew at these offsets; everything outstanding is forgotten. */
  record SourceRestarted(Uuid sourceId, List<Long> starts) implements CursorEvent {}

  /** Everything below these offsets is acknowledged. */
  record Skipped(Uuid sourceId, List<Long> ends) implements CursorEvent {}

  /** The partitions end there, before what the cursor knew of: their records were lost. */
  record Shortened(Uuid sourceId, List<Long> ends) implements CursorEvent {}

  /** An ended source has nothing left. */
  record SourceDrained(Uuid sourceId) implements CursorEvent {}

  /**
   * These records are in flight until {@code deadline}; the n-th has attempt {@code attempt + n}.
   *
   * @param next the cursor's new position: whatever was passed over and not taken is acknowledged
   * @param groups of each its group, see {@link MessageGroups#ofKey}, or empty; not in the journal
   */
  record Acquired(
      Uuid sourceId,
      int partition,
      long next,
      long now,
      long deadline,
      long attempt,
      List<Long> offsets,
      List<Long> groups)
      implements CursorEvent {}

  /** The cursor, which stands before these outstanding records, will pass over them. */
  record TakenAhead(Uuid sourceId, int partition, List<Long> offsets) implements CursorEvent {}

  /** The cursor has passed these records, which must not be received before their time. */
  record Delayed(Uuid sourceId, int partition, long next, List<Long> offsets, List<Long> until)
      implements CursorEvent {}

  /** These records are done with. */
  record Acknowledged(Uuid sourceId, int partition, List<Long> offsets) implements CursorEvent {}

  /** The record stays in flight until then. */
  record VisibilityChanged(Uuid sourceId, int partition, long offset, long deadline)
      implements CursorEvent {}

  /**
   * These records are in flight until {@code deadline}; each has {@code owner} for its attempt.
   *
   * @param next the cursor's new position: whatever was passed over and not taken is acknowledged
   */
  record Leased(
      Uuid sourceId,
      int partition,
      long next,
      long now,
      long deadline,
      long owner,
      List<Long> offsets)
      implements CursorEvent {}

  /** These records stay in flight until then. */
  record Relocked(Uuid sourceId, int partition, long deadline, List<Long> offsets)
      implements CursorEvent {}

  /** One partition begins anew at this offset; everything outstanding in it is forgotten. */
  record CursorMoved(Uuid sourceId, int partition, long offset) implements CursorEvent {}

  /**
   * The cursor has passed these records, which are available: others come before them. The n-th
   * belongs to the n-th of {@code groups}, see {@link MessageGroups#of}.
   *
   * @param next the cursor's new position: whatever was passed over and not held is acknowledged
   */
  record Held(Uuid sourceId, int partition, long next, List<Long> offsets, List<Long> groups)
      implements CursorEvent {}
}
