package io.sluice.broker.subscription;

import java.util.Optional;
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
  private long next;
  private long end = Long.MAX_VALUE;

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

  /** The first offset that was never delivered. */
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

  /** By offset. */
  SortedChunks<Outstanding> outstanding() {
    return outstanding;
  }

  void next(long offset) {
    next = offset;
  }

  void end(long offset) {
    end = offset;
  }
}
