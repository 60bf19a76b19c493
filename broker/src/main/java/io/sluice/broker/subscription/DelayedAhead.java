package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import io.sluice.log.clock.Clocks;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * How many of the messages ahead of the cursors are hidden by a delay. Where the queue gives all of
 * them the same one, the log's index of times says it; where each may have its own, they are looked
 * at, once each. Guarded by its own monitor, since that takes long; times are ms.
 */
final class DelayedAhead {

  /** A cursor that stands before messages that may be hidden. */
  record Span(PartitionCursor cursor, PartitionLog log, long next, long bound, int restarts) {}

  private final SubscriptionState state;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Taker taker;
  private final Clocks clocks;
  private final Map<PartitionCursor, DelayedInbox> inboxes = new HashMap<>();

  /** Until when messages that have a delay of their own may be hidden. */
  private volatile long delayedUntil = Long.MIN_VALUE;

  DelayedAhead(
      SubscriptionState state,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Taker taker,
      Clocks clocks) {
    this.state = state;
    this.logs = logs;
    this.taker = taker;
    this.clocks = clocks;
    if (!state.sources().isEmpty()) {
      // Nobody knows what was sent before a restart.
      expect();
    }
  }

  /** Somebody sends messages with delays of their own. */
  void expect() {
    delayedUntil = clocks.steady().millis() + Taker.LONGEST_DELAY;
  }

  /** The cursors to count for. To be called with the subscription's lock held. */
  List<Span> spans() {
    return state.cursors().stream()
        .filter(cursor -> hasOwnDelays(cursor) || taker.delayOfAll(cursor) > 0)
        .flatMap(cursor -> logs.apply(cursor).stream().map(log -> span(cursor, log)))
        .filter(span -> span.next() < span.bound())
        .toList();
  }

  private static Span span(PartitionCursor cursor, PartitionLog log) {
    return new Span(
        cursor, log, Depths.from(cursor, log), Depths.bound(cursor, log), cursor.restarts());
  }

  private boolean hasOwnDelays(PartitionCursor cursor) {
    return taker.groups().isEmpty() && cursor.isInbox() && clocks.steady().millis() < delayedUntil;
  }

  /** How many are hidden, by cursor. To be called without the subscription's lock. */
  synchronized Map<PartitionCursor, Long> count(List<Span> spans) {
    inboxes.keySet().retainAll(spans.stream().map(Span::cursor).toList());
    Map<PartitionCursor, Long> found = new HashMap<>();
    ReadBudget budget = new ReadBudget();
    for (Span span : spans) {
      try {
        found.put(span.cursor(), count(span, budget));
      } catch (KafkaStorageException _) {
        // An offline partition has nothing to receive, hidden or not.
        found.put(span.cursor(), 0L);
      }
    }
    return found;
  }

  private long count(Span span, ReadBudget budget) {
    long now = clocks.steady().millis();
    if (!hasOwnDelays(span.cursor())) {
      return span.bound() - firstSince(span, now - taker.delayOfAll(span.cursor()) + 1);
    }
    DelayedInbox inbox = inboxes.get(span.cursor());
    if (inbox == null || !inbox.goesOn(span)) {
      inbox = new DelayedInbox(span, firstSince(span, now - Taker.LONGEST_DELAY));
      inboxes.put(span.cursor(), inbox);
    }
    return inbox.count(span, now, taker, budget);
  }

  /** The first message that was sent at that time or later; the bound when there is none. */
  private long firstSince(Span span, long time) {
    long onTheWall = clocks.wallTime(Instant.ofEpochMilli(time)).toEpochMilli();
    long first =
        span.log()
            .findByTimestamp(onTheWall, ReadIsolation.COMMITTED)
            .map(TimestampedOffset::offset)
            .orElse(span.bound());
    return Math.clamp(first, span.next(), span.bound());
  }
}
