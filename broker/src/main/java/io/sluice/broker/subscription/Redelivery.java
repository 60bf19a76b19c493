package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.Record;

/**
 * Decides on delivering the same messages under the same receipts, to who did not get the answer,
 * and says so as events. Used once, with the subscription's lock held.
 */
final class Redelivery {

  /** Where records come from. */
  interface Records {
    Optional<Record> find(PartitionCursor cursor, long offset);
  }

  private final Settler settler;
  private final Records records;
  private final long now;
  private final List<CursorEvent> events = new ArrayList<>();

  /** At {@code now}, in ms since the epoch. */
  Redelivery(Settler settler, Records records, long now) {
    this.settler = settler;
    this.records = records;
    this.now = now;
  }

  /** The events of the decision; none when nothing is delivered. */
  List<CursorEvent> events() {
    return events;
  }

  /** All of the messages, or empty when one is not in flight any more. */
  Optional<List<Delivery>> of(List<Receipt> receipts, Duration visibilityTimeout) {
    List<Delivery> deliveries = new ArrayList<>();
    List<CursorEvent> hidden = new ArrayList<>();
    for (Receipt receipt : receipts) {
      Optional<Outstanding> found = settler.inFlight(receipt, now);
      Optional<Record> record = found.flatMap(one -> records.find(one.cursor(), one.offset()));
      if (found.isEmpty() || record.isEmpty()) {
        return Optional.empty();
      }
      Outstanding outstanding = found.get();
      hidden.addAll(
          settler.hidden(receipt, now, now + visibilityTimeout.toMillis()).stream().toList());
      deliveries.add(
          new Delivery(
              outstanding.cursor().sourceId(),
              receipt,
              record.get(),
              outstanding.receiveCount(),
              Instant.ofEpochMilli(outstanding.firstReceived())));
    }
    events.addAll(hidden);
    return Optional.of(deliveries);
  }
}
