package io.sluice.broker.subscription;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * The state of one partition: everything below {@link #next()} that is not outstanding is
 * acknowledged, so the acknowledged ranges are the complement of a map that is as small as what is
 * in flight. Owned by its {@link SubscriptionState}.
 */
final class PartitionCursor {

  private final Uuid sourceId;
  private final Uuid topicId;
  private final int partition;
  private final int ordinal;
  private final SortedChunks<Outstanding> outstanding = new SortedChunks<>(Outstanding.BY_OFFSET);
  private final NavigableSet<Long> takenAhead = new TreeSet<>();
  private long next;
  private long end = Long.MAX_VALUE;
  private int restarts;

  PartitionCursor(Uuid sourceId, Uuid topicId, int partition, int ordinal, long next) {
    this.sourceId = sourceId;
    this.topicId = topicId;
    this.partition = partition;
    this.ordinal = ordinal;
    this.next = next;
  }

  Uuid sourceId() {
    return sourceId;
  }

  Uuid topicId() {
    return topicId;
  }

  int partition() {
    return partition;
  }

  /** Unique among the cursors of a subscription. */
  int ordinal() {
    return ordinal;
  }

  /** The first offset that was never delivered, but for {@link #takenAhead()}. */
  long next() {
    return next;
  }

  /** The first offset that must not be delivered; the greatest long while the source has no end. */
  long end() {
    return end;
  }

  boolean drained() {
    return next >= end && outstanding.isEmpty();
  }

  Optional<Outstanding> find(long offset) {
    return Optional.ofNullable(outstanding.find(Outstanding.at(this, offset)));
  }

  /** How many are outstanding that lie before an offset. */
  int outstandingBelow(long offset) {
    if (takenAhead.isEmpty()) {
      return outstanding.size();
    }
    int below = 0;
    for (Outstanding each : outstanding) {
      if (each.offset() >= offset) {
        break;
      }
      below++;
    }
    return below;
  }

  /** By offset. */
  SortedChunks<Outstanding> outstanding() {
    return outstanding;
  }

  /**
   * Offsets from {@link #next()} on that others did not stand in the way of: what they are is
   * outstanding or done with, and the cursor will pass over them.
   */
  NavigableSet<Long> takenAhead() {
    return takenAhead;
  }

  /** Moves on, or back; what the cursor has passed was not taken ahead of it. */
  void next(long offset) {
    next = offset;
    if (!takenAhead.isEmpty()) {
      takenAhead.headSet(offset).clear();
    }
  }

  /** Begins anew, before or behind where it was. */
  void restart(long offset) {
    takenAhead.clear();
    next = offset;
    restarts++;
  }

  /** Whether it reads what was sent straight to its queue. */
  boolean isInbox() {
    return sourceId.equals(topicId);
  }

  /** How often it began anew since it is in memory: what was known of what lies ahead is not so. */
  int restarts() {
    return restarts;
  }

  void end(long offset) {
    end = offset;
  }
}
