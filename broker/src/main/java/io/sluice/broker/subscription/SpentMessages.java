package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import io.sluice.broker.RecordPosition;
import io.sluice.log.PartitionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.record.internal.Record;

/**
 * Messages that were received as often as their queue's redrive policy lets them. Whoever comes
 * upon one takes it in flight for the broker itself, under the lock, and moves it afterwards
 * without: so nobody else receives it meanwhile, and a crash in between brings it back. All but
 * {@link #move} and {@link #target} is called with the subscription's lock held.
 */
final class SpentMessages {

  /** How long moving one may take before somebody else tries. */
  static final Duration MOVE = Duration.ofMinutes(1);

  /** How many of them one share fetch takes. */
  private static final int AT_ONCE = 100;

  private volatile Optional<DeadLetterTarget> target = Optional.empty();
  private final List<Delivery> noted = new ArrayList<>(0);

  /** Spares the lock where there are none. */
  private volatile boolean any;

  /** Any thread. */
  void target(Optional<DeadLetterTarget> newTarget) {
    target = newTarget;
  }

  /** Whether no message is given up, because there is a policy. */
  boolean isKept() {
    return target.isPresent();
  }

  private Optional<DeadLetterTarget> existing() {
    return target.filter(DeadLetterTarget::exists);
  }

  /**
   * Of what was just taken, what a receiver may have; the rest is noted.
   *
   * @param events gets what hides the rest; times are ms since the epoch
   */
  List<Delivery> withhold(List<Delivery> taken, long now, List<CursorEvent> events) {
    Optional<DeadLetterTarget> found = existing();
    if (found.isEmpty()
        || taken.stream().noneMatch(each -> isSpent(each, found.get().maxReceiveCount()))) {
      return taken;
    }
    List<Delivery> kept = new ArrayList<>();
    for (Delivery delivery : taken) {
      if (isSpent(delivery, found.get().maxReceiveCount())) {
        RecordPosition position = delivery.receipt().position();
        events.add(
            new CursorEvent.VisibilityChanged(
                delivery.sourceId(),
                position.partition(),
                position.offset(),
                now + MOVE.toMillis()));
        note(delivery);
      } else {
        kept.add(delivery);
      }
    }
    return kept;
  }

  private static boolean isSpent(Delivery delivery, int maxReceiveCount) {
    return delivery.receiveCount() > maxReceiveCount;
  }

  /**
   * Takes and notes what a share consumer may not have any more: the policy's number counts, or the
   * consumer's when it is less.
   */
  List<CursorEvent> take(
      PartitionCursor cursor, PartitionLog log, ChunkCache cache, int maxDeliveries, long now) {
    Optional<DeadLetterTarget> found = existing();
    if (found.isEmpty()) {
      return List.of();
    }
    int limit = Math.min(maxDeliveries, found.get().maxReceiveCount());
    long deadline = now + MOVE.toMillis();
    long attempt = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE - AT_ONCE);
    List<Long> offsets = new ArrayList<>();
    for (Outstanding outstanding : cursor.outstanding()) {
      boolean spent = outstanding.deadline() <= now && outstanding.receiveCount() >= limit;
      if (spent && offsets.size() < AT_ONCE) {
        Optional<Record> record = cache.record(log, outstanding.offset());
        if (record.isPresent()) {
          long mine = attempt + offsets.size();
          offsets.add(outstanding.offset());
          note(delivery(outstanding.acquired(now, deadline, mine), record.get()));
        }
      }
    }
    return offsets.isEmpty()
        ? List.of()
        : List.of(
            new CursorEvent.Acquired(
                cursor.sourceId(),
                cursor.partition(),
                cursor.next(),
                now,
                deadline,
                attempt,
                offsets,
                List.of()));
  }

  private static Delivery delivery(Outstanding outstanding, Record record) {
    PartitionCursor cursor = outstanding.cursor();
    return new Delivery(
        cursor.sourceId(),
        new Receipt(
            new RecordPosition(cursor.topicId(), cursor.partition(), outstanding.offset()),
            outstanding.attempt()),
        record,
        outstanding.receiveCount(),
        Instant.ofEpochMilli(outstanding.firstReceived()));
  }

  private void note(Delivery delivery) {
    noted.add(delivery);
    any = true;
  }

  /** Moves what was noted; called by any thread, without the lock. */
  void move(Subscription subscription) {
    if (any) {
      subscription.locked(this::noted).run();
    }
  }

  private Runnable noted() {
    List<Delivery> spent = List.copyOf(noted);
    Optional<DeadLetterTarget> to = target;
    noted.clear();
    any = false;
    return () -> {
      if (!spent.isEmpty()) {
        to.ifPresent(found -> found.take(spent));
      }
    };
  }
}
