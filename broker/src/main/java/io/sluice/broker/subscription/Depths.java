package io.sluice.broker.subscription;

import io.sluice.broker.QueueDepth;
import io.sluice.log.PartitionLog;
import io.sluice.log.clock.Clocks;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Counts the messages of a subscription. Safe for use by many threads. */
final class Depths {

  private final Subscription subscription;
  private final SubscriptionState state;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Taker taker;
  private final FilteredBacklogs filteredBacklogs;
  final DelayedAhead delayedAhead;
  private final InstantSource clock;

  Depths(
      Subscription subscription,
      SubscriptionState state,
      SourceMessages messages,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      Taker taker,
      Clocks clocks) {
    this.subscription = subscription;
    this.state = state;
    this.logs = logs;
    this.taker = taker;
    this.filteredBacklogs = new FilteredBacklogs(state, messages, logs);
    this.delayedAhead = new DelayedAhead(state, logs, taker, clocks);
    this.clock = clocks.steady();
  }

  /** Control records and gaps count until a cursor has passed them. */
  QueueDepth count() {
    Map<PartitionCursor, Long> filtered =
        filteredBacklogs.count(subscription.locked(filteredBacklogs::spans));
    Map<PartitionCursor, Long> hidden =
        delayedAhead.count(subscription.locked(delayedAhead::spans));
    return subscription.locked(
        () -> {
          subscription.append(taker.vanished());
          return count(filtered, hidden, clock.millis());
        });
  }

  private QueueDepth count(
      Map<PartitionCursor, Long> filtered, Map<PartitionCursor, Long> hidden, long now) {
    long ahead = 0;
    long delayed = 0;
    for (PartitionCursor cursor : state.cursors()) {
      Optional<PartitionLog> log = logs.apply(cursor);
      if (log.isPresent()) {
        long all = ahead(cursor, log.get());
        Long matching = filtered.get(cursor);
        long counted = matching == null ? all : ahead(cursor, log.get(), matching);
        double share = all == 0 ? 0 : (double) counted / all;
        long hiddenAhead = Math.min(counted, Math.round(share * hidden.getOrDefault(cursor, 0L)));
        ahead += counted - hiddenAhead;
        delayed += hiddenAhead;
      }
    }
    long due = 0;
    long delayedBehind = state.delayed();
    for (Outstanding outstanding : state.byDeadline()) {
      if (outstanding.deadline() > now) {
        break;
      }
      due++;
      delayedBehind -= outstanding.delayed() ? 1 : 0;
    }
    long inFlight = state.byDeadline().size() - due - delayedBehind;
    return new QueueDepth(ahead + due, inFlight, delayed + delayedBehind);
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
