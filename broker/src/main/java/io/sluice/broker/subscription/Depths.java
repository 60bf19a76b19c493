package io.sluice.broker.subscription;

import io.sluice.broker.QueueDepth;
import io.sluice.log.PartitionLog;
import java.util.Optional;
import java.util.function.Function;

/** Counts the messages of a subscription. Called with the subscription's lock held. */
final class Depths {

  private Depths() {}

  /** Control records and gaps count until a cursor has passed them; {@code now} is in ms. */
  static QueueDepth of(
      SubscriptionState state, Function<PartitionCursor, Optional<PartitionLog>> logs, long now) {
    long ahead = 0;
    for (PartitionCursor cursor : state.cursors()) {
      ahead += logs.apply(cursor).map(log -> ahead(cursor, log)).orElse(0L);
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
    long from = Math.max(cursor.next(), log.startOffset());
    return Math.max(0, Math.min(cursor.end(), log.lastStableOffset()) - from);
  }
}
