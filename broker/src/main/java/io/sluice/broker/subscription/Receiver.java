package io.sluice.broker.subscription;

import io.sluice.broker.Receipt;
import io.sluice.broker.TooManyInFlightException;
import io.sluice.broker.Turns;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Takes messages from a subscription, and waits for them. Safe for use by many threads: it decides
 * with the subscription's lock held, and waits without.
 */
final class Receiver {

  /** How often a receive that does not wait looks on behind a filter that lets nothing through. */
  private static final int MAX_DECISIONS = 10;

  private final Subscription subscription;
  private final SourceMessages messages;
  private final Taker taker;
  private final Settler settler;
  private final LeaderAlarm alarm;
  private final Waiters waiters;
  private final InstantSource clock;

  Receiver(
      Subscription subscription,
      SourceMessages messages,
      Taker taker,
      Settler settler,
      LeaderAlarm alarm,
      Waiters waiters,
      InstantSource clock) {
    this.subscription = subscription;
    this.messages = messages;
    this.taker = taker;
    this.settler = settler;
    this.alarm = alarm;
    this.waiters = waiters;
    this.clock = clock;
  }

  /** As {@link Subscription#receive(int, Duration, Duration, CompletableFuture)}. */
  List<Delivery> receive(
      int max, Duration visibilityTimeout, Duration wait, CompletableFuture<?> abandoned)
      throws InterruptedException {
    if (abandoned.isDone()) {
      return List.of();
    }
    List<Delivery> taken =
        wait.isZero() ? takeNow(max, visibilityTimeout) : takeUnlessFull(max, visibilityTimeout);
    if (!taken.isEmpty() || wait.isZero()) {
      return taken;
    }
    long end = System.nanoTime() + wait.toNanos();
    try (Waiters.Waiting waiting = waiters.begin()) {
      abandoned.thenRun(waiting::wake);
      while (!subscription.closed() && !abandoned.isDone()) {
        boolean leads = waiting.leads();
        taken = takeUnlessFull(max, visibilityTimeout);
        long left = end - System.nanoTime();
        if (!taken.isEmpty() || left <= 0) {
          return taken;
        }
        if (subscription.locked(messages::exhausted)) {
          continue;
        }
        waiting.await(
            leads ? Math.min(left, subscription.locked(alarm::nanosToNextDeadline)) : left);
      }
      return List.of();
    }
  }

  /** To one that waits the limit is no error (Amazon's "ReceiveMessage"). */
  private List<Delivery> takeUnlessFull(int max, Duration visibilityTimeout)
      throws InterruptedException {
    try {
      return takeNow(max, visibilityTimeout);
    } catch (TooManyInFlightException _) {
      return List.of();
    }
  }

  /**
   * Where a filter lets little through, several decisions look for the first message, and others
   * have the lock between them.
   */
  private List<Delivery> takeNow(int max, Duration visibilityTimeout) throws InterruptedException {
    Turns turns = new Turns();
    int exhausted = 0;
    while (true) {
      Optional<List<Delivery>> decided = subscription.locked(() -> decide(max, visibilityTimeout));
      subscription.tellDrained();
      boolean goesOn =
          decided.isPresent()
              && decided.get().isEmpty()
              && ++exhausted < MAX_DECISIONS
              && subscription.locked(messages::exhausted);
      if (decided.isPresent() && !goesOn) {
        return decided.get();
      }
      turns.next();
    }
  }

  /** Empty when all that could be taken has been received too often, and there may be more. */
  private Optional<List<Delivery>> decide(int max, Duration visibilityTimeout) {
    if (subscription.closed()) {
      return Optional.of(List.of());
    }
    subscription.append(taker.vanished());
    long now = clock.millis();
    messages.begin();
    taker.passAhead(max, now, subscription::append);
    taker.begin(now, now + visibilityTimeout.toMillis());
    alarm.received();
    List<Delivery> deliveries = taker.take(max);
    List<Delivery> kept =
        subscription.spent.withhold(deliveries, taker.events(), now, subscription::append);
    subscription.noteDrained();
    return kept.isEmpty() && !deliveries.isEmpty() ? Optional.empty() : Optional.of(kept);
  }

  /** As {@link Subscription#receiveAgain}; with the lock held. */
  Optional<List<Delivery>> again(List<Receipt> receipts, Duration visibilityTimeout) {
    Redelivery redelivery = new Redelivery(settler, taker::record, clock.millis());
    Optional<List<Delivery>> deliveries = redelivery.of(receipts, visibilityTimeout);
    subscription.append(redelivery.events());
    return deliveries;
  }
}
