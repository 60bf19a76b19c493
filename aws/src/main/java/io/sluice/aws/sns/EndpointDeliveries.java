package io.sluice.aws.sns;

import io.sluice.aws.sns.DeliveryCounters.Outcome;
import io.sluice.broker.Broker;
import io.sluice.broker.NewMessage;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one endpoint. A virtual thread receives from the subscription's queue; each message
 * is posted by a platform thread, then acknowledged, hidden until its next attempt, or given up.
 * What must survive (which messages are left, how often each was tried, when it comes again) is the
 * queue's state, so this class keeps none.
 */
final class EndpointDeliveries {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointDeliveries.class);

  /** How long a message is locked beyond the time that an endpoint may take. */
  private static final Duration LOCK_MARGIN = Duration.ofSeconds(10);

  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);
  private static final Duration END_GRACE = Duration.ofSeconds(2);

  private final Broker broker;
  private final Queue queue;
  private final Source source;
  private final HttpMessages messages;
  private final HttpPoster poster;
  private final DeliveryCounters counters;
  private final Semaphore atOnce;
  private final HttpDeliveries all;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Semaphore slots = new Semaphore(SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Whether the last attempt failed: then there is one at a time. */
  private volatile boolean isFailing;

  EndpointDeliveries(
      Broker broker,
      Queue queue,
      Source source,
      HttpMessages messages,
      HttpPoster poster,
      DeliveryCounters counters,
      Semaphore atOnce,
      HttpDeliveries all) {
    this.broker = broker;
    this.queue = queue;
    this.source = source;
    this.messages = messages;
    this.poster = poster;
    this.counters = counters;
    this.atOnce = atOnce;
    this.all = all;
  }

  void start() {
    Thread.ofVirtual().name("sns-deliveries").start(this::run);
  }

  /** Takes no more messages. */
  void close() {
    closing.complete(null);
  }

  /** Waits until everything has ended, but not long. */
  void awaitEnd() {
    try {
      ended.get(END_GRACE.toMillis(), TimeUnit.MILLISECONDS);
      if (slots.tryAcquire(
          SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION,
          END_GRACE.toMillis(),
          TimeUnit.MILLISECONDS)) {
        slots.release(SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException _) {
      LOG.warn(
          "deliveries to an endpoint did not end in time; what was not acknowledged comes again");
    }
  }

  private void run() {
    try {
      while (!closing.isDone()) {
        try {
          deliverNext();
        } catch (QueueDoesNotExistException _) {
          return;
        } catch (RuntimeException e) {
          LOG.error("messages of {} cannot be taken", queue.name(), e);
          all.closesWithin(PAUSE_AFTER_ERROR);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      ended.complete(null);
    }
  }

  /** Waits for messages and sends them on their way. */
  private void deliverNext() throws InterruptedException {
    DeliveryPolicy policy = messages.policy(source());
    boolean isThrottled = policy.maxReceivesPerSecond().isPresent();
    int taken = takeSlots(isThrottled);
    try {
      long begin = System.nanoTime();
      List<ReceivedMessage> received =
          queue.receive(
              taken, all.options().timeout().plus(LOCK_MARGIN), all.options().poll(), closing);
      for (ReceivedMessage message : received) {
        all.execute(() -> deliverAndRelease(message));
        taken--;
      }
      if (received.isEmpty()) {
        afterNothing(Duration.ofNanos(System.nanoTime() - begin));
      } else if (isThrottled) {
        all.closesWithin(Duration.ofSeconds(1).dividedBy(policy.maxReceivesPerSecond().getAsInt()));
      }
    } finally {
      slots.release(taken);
      atOnce.release(taken);
    }
  }

  /** Waits until there is room, here and with all others, for one message at least. */
  private int takeSlots(boolean isOne) throws InterruptedException {
    if (isFailing) {
      // Everything else of this endpoint's must have come back.
      slots.acquire(SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION);
      slots.release(SnsLimits.HTTP_DELIVERIES_PER_SUBSCRIPTION - 1);
    } else {
      slots.acquire();
    }
    atOnce.acquire();
    int taken = 1;
    while (!isOne && !isFailing && slots.tryAcquire()) {
      if (!atOnce.tryAcquire()) {
        slots.release();
        break;
      }
      taken++;
    }
    return taken;
  }

  /** A source that has ended is gone once its queue is empty. */
  private void afterNothing(Duration waited) throws InterruptedException {
    boolean isOver =
        broker.sources().find(source.id()).isEmpty()
            && queue.depth().available() + queue.depth().inFlight() == 0;
    if (isOver && !closing.isDone()) {
      close();
      all.forget(queue.name());
      return;
    }
    Duration left = all.options().poll().minus(waited);
    if (left.isPositive() && !closing.isDone()) {
      // The broker is closed, and no longer lets anybody wait.
      all.closesWithin(left);
    }
  }

  private Source source() {
    return broker.sources().find(source.id()).orElse(source);
  }

  private void deliverAndRelease(ReceivedMessage message) {
    try {
      deliver(message, message.source().orElse(source));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a delivery of {} failed; the message comes again", queue.name(), e);
    } finally {
      slots.release();
      atOnce.release();
    }
  }

  private void deliver(ReceivedMessage message, Source source) throws InterruptedException {
    HttpSubscription http = HttpSubscription.of(source).orElseThrow();
    DeliveryPolicy policy = messages.policy(source);
    HttpMessages.Post post = messages.notification(message, source, http, policy.contentType());
    PostOutcome outcome = poster.post(http.endpoint(), post.headers(), post.body());
    isFailing = outcome instanceof PostOutcome.Failed;
    switch (outcome) {
      case PostOutcome.Delivered _ -> {
        counters.count(http.protocol(), Outcome.DELIVERED);
        queue.acknowledge(List.of(message.receipt()));
      }
      case PostOutcome.Refused refused -> giveUp(message, source, http, refused.reason());
      case PostOutcome.Failed failed -> {
        int retry = message.receiveCount();
        if (all.isClosing()) {
          queue.changeVisibility(message.receipt(), Duration.ZERO);
        } else if (retry > policy.retries().numRetries()) {
          giveUp(message, source, http, failed.reason());
        } else {
          counters.count(http.protocol(), Outcome.RETRIED);
          queue.changeVisibility(message.receipt(), policy.retries().delay(retry));
        }
      }
    }
  }

  /** To the dead-letter queue first, then out of this one: twice rather than never. */
  private void giveUp(
      ReceivedMessage message, Source source, HttpSubscription http, String reason) {
    Optional<RedrivePolicy> policy = RedrivePolicy.in(source.attributes());
    Optional<Queue> deadLetters = policy.flatMap(redrive -> broker.queues().find(redrive.queue()));
    if (deadLetters.isPresent()) {
      NewMessage dead = new NewMessage(messages.deadLetter(message, source, http), Duration.ZERO);
      deadLetters.get().send(List.of(dead)).getFirst().join();
      counters.count(http.protocol(), Outcome.REDRIVEN);
    } else {
      counters.count(http.protocol(), Outcome.DROPPED);
      LOG.warn(
          "message {} of topic {} was not delivered to {} and is dropped{}: {}",
          io.sluice.aws.message.MessageIds.of(message.receipt().position()),
          source.topic(),
          http.shownEndpoint(),
          policy.map(p -> ", since there is no queue " + p.queue()).orElse(""),
          reason);
    }
    queue.acknowledge(List.of(message.receipt()));
  }
}
