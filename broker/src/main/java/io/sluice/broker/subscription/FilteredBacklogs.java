package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * How many messages lie ahead of the cursors whose sources have filters. They are counted without
 * the subscription's lock, since that takes long; guarded by its own monitor.
 */
final class FilteredBacklogs {

  /**
   * A cursor to count for.
   *
   * @param next where it is
   * @param bound where its messages end
   */
  record Span(
      PartitionCursor cursor, PartitionLog log, SourceFilter filter, long next, long bound) {}

  private final SubscriptionState state;
  private final SourceMessages messages;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;
  private final Map<PartitionCursor, MatchingAhead> counts = new HashMap<>();

  FilteredBacklogs(
      SubscriptionState state,
      SourceMessages messages,
      Function<PartitionCursor, Optional<PartitionLog>> logs) {
    this.state = state;
    this.messages = messages;
    this.logs = logs;
  }

  /** The cursors to count for. To be called with the subscription's lock held. */
  List<Span> spans() {
    return state.cursors().stream()
        .filter(cursor -> !messages.filter(cursor.sourceId()).isNone())
        .flatMap(cursor -> logs.apply(cursor).stream().map(log -> span(cursor, log)))
        .toList();
  }

  private Span span(PartitionCursor cursor, PartitionLog log) {
    return new Span(
        cursor,
        log,
        messages.filter(cursor.sourceId()),
        Depths.from(cursor, log),
        Depths.bound(cursor, log));
  }

  /** How many messages there are, by cursor. To be called without the subscription's lock. */
  synchronized Map<PartitionCursor, Long> count(List<Span> spans) {
    Map<PartitionCursor, Long> found = new HashMap<>();
    counts.keySet().retainAll(spans.stream().map(Span::cursor).toList());
    ReadBudget budget = new ReadBudget();
    for (Span span : spans) {
      MatchingAhead ahead = counts.computeIfAbsent(span.cursor(), cursor -> new MatchingAhead());
      found.put(span.cursor(), count(span, ahead, budget));
    }
    return found;
  }

  private static long count(Span span, MatchingAhead ahead, ReadBudget budget) {
    try {
      return ahead.count(
          span.log(), span.cursor().partition(), span.filter(), span.next(), span.bound(), budget);
    } catch (KafkaStorageException _) {
      // An offline partition has nothing to receive.
      return 0;
    }
  }
}
