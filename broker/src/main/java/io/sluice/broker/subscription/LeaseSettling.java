package io.sluice.broker.subscription;

import io.sluice.broker.subscription.Settlement.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * Decides what becomes of records of one partition that an owner holds, all or nothing, and says so
 * as events. Used once, with the subscription's lock held.
 */
final class LeaseSettling {

  /** What becomes of the records of one cursor. */
  private record Verdicts(List<Long> done, List<Long> released, List<Long> renewed) {
    Verdicts() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private final List<PartitionCursor> cursors;
  private final long owner;
  private final int maxDeliveries;
  private final long now;
  private final Map<PartitionCursor, Verdicts> verdicts = new LinkedHashMap<>();
  private long settledUpTo = -1;

  /** The cursors are those of one partition; {@code now} is in ms since the epoch. */
  LeaseSettling(List<PartitionCursor> cursors, long owner, int maxDeliveries, long now) {
    this.cursors = cursors;
    this.owner = owner;
    this.maxDeliveries = maxDeliveries;
    this.now = now;
  }

  /**
   * Notes what becomes of some records; those before {@code start}, which is the first that is not
   * settled, are passed over.
   *
   * @throws InvalidRequestException records after those that are in flight
   * @throws InvalidRecordStateException the owner does not hold all of them, or none is in flight
   */
  void settle(Settlement settlement, long start) {
    if (settlement.last() < start) {
      return;
    }
    long first = Math.max(settlement.first(), start);
    if (cursors.stream().allMatch(cursor -> cursor.next() <= start)) {
      throw notHeld(first);
    }
    long held = cursors.stream().mapToLong(cursor -> cursor.outstanding().size()).sum();
    if (cursors.stream().allMatch(cursor -> settlement.last() >= cursor.next())) {
      throw new InvalidRequestException(
          "Batch record not found. The last offset in request is past acquired records.");
    }
    if (settlement.last() - first >= held || first <= settledUpTo) {
      throw notHeld(first);
    }
    for (long offset = first; offset <= settlement.last(); offset++) {
      settle(offset, settlement.verdict(offset));
    }
    settledUpTo = settlement.last();
  }

  private void settle(long offset, Verdict verdict) {
    Outstanding outstanding =
        cursors.stream()
            .map(cursor -> cursor.find(offset))
            .flatMap(Optional::stream)
            .filter(this::isHeld)
            .findFirst()
            .orElseThrow(() -> notHeld(offset));
    settle(outstanding, verdict);
  }

  private static InvalidRecordStateException notHeld(long offset) {
    return new InvalidRecordStateException(
        "The record at " + offset + " cannot be acknowledged. The member has not acquired it.");
  }

  private boolean isHeld(Outstanding outstanding) {
    return outstanding.isLatest(owner) && outstanding.deadline() > now;
  }

  private void settle(Outstanding outstanding, Verdict verdict) {
    Verdicts noted = verdicts.computeIfAbsent(outstanding.cursor(), cursor -> new Verdicts());
    boolean spent = outstanding.receiveCount() >= maxDeliveries;
    switch (verdict) {
      case DONE -> noted.done().add(outstanding.offset());
      case RELEASE -> (spent ? noted.done() : noted.released()).add(outstanding.offset());
      case RENEW -> noted.renewed().add(outstanding.offset());
    }
  }

  /** Notes that whatever the owner holds is released. */
  void releaseAll() {
    for (PartitionCursor cursor : cursors) {
      for (Outstanding outstanding : cursor.outstanding()) {
        if (isHeld(outstanding)) {
          settle(outstanding, Verdict.RELEASE);
        }
      }
    }
  }

  /** What was noted; renewed locks last until {@code lockedUntil}. */
  List<CursorEvent> events(long lockedUntil) {
    List<CursorEvent> events = new ArrayList<>();
    verdicts.forEach(
        (cursor, noted) -> {
          if (!noted.done().isEmpty()) {
            events.add(
                new CursorEvent.Acknowledged(cursor.sourceId(), cursor.partition(), noted.done()));
          }
          relocked(cursor, now, noted.released()).ifPresent(events::add);
          relocked(cursor, lockedUntil, noted.renewed()).ifPresent(events::add);
        });
    return events;
  }

  private static Optional<CursorEvent> relocked(
      PartitionCursor cursor, long until, List<Long> offsets) {
    return offsets.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CursorEvent.Relocked(cursor.sourceId(), cursor.partition(), until, offsets));
  }
}
