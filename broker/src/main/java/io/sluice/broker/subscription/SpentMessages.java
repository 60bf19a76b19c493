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
import java.util.function.Consumer;
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
   * Applies what a receive has decided, and with it hides what was received too often, which is
   * noted.
   *
   * @param events of the decision
   * @param now ms since the epoch
   * @param append applies all events or, when it throws, none
   * @return what the receiver may have
   */
  List<Delivery> withhold(
      List<Delivery> taken,
      List<CursorEvent> events,
      long now,
      Consumer<List<CursorEvent>> append) {
    int most = existing().map(DeadLetterTarget::maxReceiveCount).orElse(Integer.MAX_VALUE);
    List<Delivery> spent = taken.stream().filter(each -> each.receiveCount() > most).toList();
    if (spent.isEmpty()) {
      append.accept(events);
      return taken;
    }
    List<CursorEvent> all = new ArrayList<>(events);
    spent.forEach(delivery -> all.add(hidden(delivery, now + MOVE.toMillis())));
    append.accept(all);
    note(spent);
    return taken.stream().filter(each -> each.receiveCount() <= most).toList();
  }

  private static CursorEvent hidden(Delivery delivery, long until) {
    RecordPosition position = delivery.receipt().position();
    return new CursorEvent.VisibilityChanged(
        delivery.sourceId(), position.partition(), position.offset(), until);
  }

  /**
   * Takes and notes what a share consumer may not have any more: the policy's number counts, or the
   * consumer's when it is less.
   *
   * @param append applies events or throws
   */
  void take(
      PartitionCursor cursor,
      PartitionLog log,
      ChunkCache cache,
      int maxDeliveries,
      long now,
      Consumer<List<CursorEvent>> append) {
    Optional<DeadLetterTarget> found = existing();
    if (found.isEmpty()) {
      return;
    }
    int limit = Math.min(maxDeliveries, found.get().maxReceiveCount());
    long deadline = now + MOVE.toMillis();
    long attempt = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE - AT_ONCE);
    List<Long> offsets = new ArrayList<>();
    List<Delivery> spent = new ArrayList<>();
    for (Outstanding outstanding : cursor.outstanding()) {
      boolean isSpent = outstanding.deadline() <= now && outstanding.receiveCount() >= limit;
      if (isSpent && offsets.size() < AT_ONCE) {
        Optional<Record> record = cache.record(log, outstanding.offset());
        if (record.isPresent()) {
          long mine = attempt + offsets.size();
          offsets.add(outstanding.offset());
          spent.add(delivery(outstanding.acquired(now, deadline, mine), record.get()));
        }
      }
    }
    if (!spent.isEmpty()) {
      append.accept(
          List.of(
              new CursorEvent.Acquired(
                  cursor.sourceId(),
                  cursor.partition(),
                  cursor.next(),
                  now,
                  deadline,
                  attempt,
                  offsets,
                  List.of())));
      note(spent);
    }
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

  private void note(List<Delivery> spent) {
    noted.addAll(spent);
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
