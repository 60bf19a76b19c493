package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import io.sluice.broker.ReceiptStanding;
import io.sluice.log.PartitionLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;

/**
 * Decides what a receipt may still do to its message, and says so as events. Guarded by the
 * subscription's lock; the events must be applied before the next decision.
 */
final class Settler {

  private final SubscriptionState state;
  private final Function<PartitionCursor, Optional<PartitionLog>> logs;

  Settler(SubscriptionState state, Function<PartitionCursor, Optional<PartitionLog>> logs) {
    this.state = state;
    this.logs = logs;
  }

  /** One event per partition; a receipt that is not its message's latest changes nothing. */
  List<CursorEvent.Acknowledged> acknowledged(List<Receipt> receipts) {
    Map<PartitionCursor, List<Long>> byCursor = new HashMap<>();
    for (Receipt receipt : receipts) {
      find(receipt)
          .ifPresent(
              outstanding ->
                  byCursor
                      .computeIfAbsent(outstanding.cursor(), cursor -> new ArrayList<>())
                      .add(outstanding.offset()));
    }
    List<CursorEvent.Acknowledged> events = new ArrayList<>();
    byCursor.forEach(
        (cursor, offsets) ->
            events.add(
                new CursorEvent.Acknowledged(cursor.sourceId(), cursor.partition(), offsets)));
    return events;
  }

  /** Empty when the message is not in flight under this receipt; times are ms since the epoch. */
  Optional<CursorEvent> hidden(Receipt receipt, long now, long until) {
    return inFlight(receipt, now)
        .map(
            outstanding ->
                new CursorEvent.VisibilityChanged(
                    outstanding.cursor().sourceId(),
                    outstanding.cursor().partition(),
                    outstanding.offset(),
                    until));
  }

  /** The message, when it is in flight under this receipt; {@code now} is in ms. */
  Optional<Outstanding> inFlight(Receipt receipt, long now) {
    return find(receipt).filter(outstanding -> outstanding.deadline() > now);
  }

  ReceiptStanding standing(Receipt receipt, long now) {
    Optional<Outstanding> known = find(receipt, outstanding -> true);
    if (known.isEmpty()) {
      return ReceiptStanding.GONE;
    }
    return inFlight(receipt, now).isPresent() ? ReceiptStanding.IN_FLIGHT : ReceiptStanding.EXPIRED;
  }

  private Optional<Outstanding> find(Receipt receipt) {
    return find(receipt, outstanding -> outstanding.isLatest(receipt.attempt()));
  }

  private Optional<Outstanding> find(Receipt receipt, Predicate<Outstanding> condition) {
    for (Uuid sourceId : state.sources()) {
      List<PartitionCursor> cursors = state.cursors(sourceId);
      int partition = receipt.position().partition();
      if (partition < cursors.size()
          && cursors.get(partition).topicId().equals(receipt.position().topicId())) {
        Optional<Outstanding> found =
            cursors
                .get(partition)
                .find(receipt.position().offset())
                .filter(condition)
                .filter(this::exists);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private boolean exists(Outstanding outstanding) {
    return outstanding.offset()
        >= logs.apply(outstanding.cursor()).map(PartitionLog::startOffset).orElse(0L);
  }
}
