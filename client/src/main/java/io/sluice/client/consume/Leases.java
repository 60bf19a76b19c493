package io.sluice.client.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages from being given to others while the application works on them, by renewing their
 * visibility timeout; and gives them back when it has not polled for too long. Safe for use by many
 * threads.
 */
final class Leases {

  private static final Logger LOGGER = LoggerFactory.getLogger(Leases.class);

  private final QueueRequests requests;
  private final InFlightMessages inFlight;
  private final Duration visibility;
  private final Duration maxPollInterval;
  private final AtomicLong polledAt = new AtomicLong(System.nanoTime());

  /**
   * Nothing is renewed before {@link #start}.
   *
   * @param visibility the visibility timeout, whole seconds, 1 or more
   * @param maxPollInterval for how long the application need not poll
   */
  Leases(
      QueueRequests requests,
      InFlightMessages inFlight,
      Duration visibility,
      Duration maxPollInterval) {
    this.requests = requests;
    this.inFlight = inFlight;
    this.visibility = visibility;
    this.maxPollInterval = maxPollInterval;
  }

  /** Looks at them now and then, until {@code timer} is shut down. */
  void start(ScheduledExecutorService timer) {
    long period = visibility.toMillis() / 6;
    timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  int seconds() {
    return Math.toIntExact(visibility.toSeconds());
  }

  /** The application has polled. */
  void polled() {
    polledAt.set(System.nanoTime());
    expire();
  }

  private void look() {
    try {
      evict();
      expire();
      renew();
    } catch (RuntimeException e) {
      // As long as they are not renewed, they come back to the queue by themselves.
      LOGGER.error("messages in flight cannot be looked after", e);
    }
  }

  private boolean isLate() {
    return System.nanoTime() - polledAt.get() > maxPollInterval.toNanos();
  }

  private void evict() {
    List<HeldMessage> held = inFlight.evict(this::isLate);
    if (!held.isEmpty()) {
      LOGGER.warn(
          "poll was not called for {} ms (max.poll.interval.ms): {} messages go back",
          maxPollInterval.toMillis(),
          held.size());
      giveBack(held);
    }
  }

  /** Those that could not be renewed in time are others'; they are not given any more. */
  private void expire() {
    lose(inFlight.leasedBefore(System.nanoTime() - visibility.toNanos()));
  }

  private void lose(List<HeldMessage> messages) {
    if (messages.isEmpty()) {
      return;
    }
    ReadPartitions.Lost lost = inFlight.lost(messages);
    if (lost.count() > 0) {
      LOGGER.warn("{} messages have gone to others", lost.count());
    }
    giveBack(lost.behind());
  }

  private void renew() {
    long now = System.nanoTime();
    List<HeldMessage> due = inFlight.leasedBefore(now - visibility.toNanos() / 3);
    if (due.isEmpty()) {
      return;
    }
    QueueRequests.Outcome outcome =
        requests.changeVisibility(due, visibility, visibility.dividedBy(3));
    lose(outcome.lost());
    Set<HeldMessage> renewed = new HashSet<>(due);
    outcome.lost().forEach(renewed::remove);
    outcome.failed().forEach(renewed::remove);
    inFlight.renewed(renewed, now);
  }

  /** Others may have them at once. */
  void giveBack(Collection<HeldMessage> messages) {
    giveBack(messages, Duration.ZERO);
  }

  /** Somebody may have them after a while; whole seconds. */
  void giveBack(Collection<HeldMessage> messages, Duration after) {
    if (!messages.isEmpty()) {
      requests.changeVisibility(messages, after, visibility.dividedBy(3));
    }
  }
}
