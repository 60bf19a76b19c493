package io.sluice.broker.subscription;

import io.sluice.broker.QueueDepth;
import io.sluice.log.PartitionLog;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Counts the messages of a subscription. Called with the subscription's lock held. */
final class Depths {

  private Depths() {}

  /**
   * Control records and gaps count until a cursor has passed them.
   *
   * @param filtered how much is ahead of those cursors whose sources have filters
   * @param now ms since the epoch
   */
  static QueueDepth of(
      SubscriptionState state,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Map<PartitionCursor, Long> filtered,
      long now) {
    long ahead = 0;
    for (PartitionCursor cursor : state.cursors()) {
      Long counted = filtered.get(cursor);
      ahead +=
          logs.apply(cursor)
              .map(log -> counted == null ? ahead(cursor, log) : ahead(cursor, log, counted))
              .orElse(0L);
    }
    long due = 0;
    long delayed = state.delayed();
    for (Outstanding outstanding : state.byDeadline()) {
      if (outstanding.deadline() > now) {
        break;
      }
      due++;
      delayed -= outstanding.delayed() ? 1 : 0;
    }
    long inFlight = state.byDeadline().size() - due - delayed;
    return new QueueDepth(ahead + due, inFlight, delayed);
  }

  private static long ahead(PartitionCursor cursor, PartitionLog log) {
    return Math.max(0, bound(cursor, log) - from(cursor, log) - takenAhead(cursor, log));
  }

  private static long ahead(PartitionCursor cursor, PartitionLog log, long filtered) {
    return Math.max(0, filtered - takenAhead(cursor, log));
  }

  private static int takenAhead(PartitionCursor cursor, PartitionLog log) {
    return cursor.takenAhead().isEmpty()
        ? 0
        : cursor.takenAhead().tailSet(from(cursor, log)).size();
  }

  /** Where what a cursor has not passed begins. */
  static long from(PartitionCursor cursor, PartitionLog log) {
    return Math.max(cursor.next(), log.startOffset());
  }

  /** Where it ends. */
  static long bound(PartitionCursor cursor, PartitionLog log) {
    return Math.min(cursor.end(), log.lastStableOffset());
  }
}
