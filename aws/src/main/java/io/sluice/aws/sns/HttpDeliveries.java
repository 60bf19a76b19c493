package io.sluice.aws.sns;

import io.sluice.broker.Broker;
import io.sluice.broker.Queue;
import io.sluice.broker.Queues;
import io.sluice.broker.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to every endpoint that has confirmed. Of each, a virtual thread of its own takes
 * messages from the subscription's queue; platform threads, which all share, post them. Safe for
 * use by many threads.
 */
final class HttpDeliveries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpDeliveries.class);

  private final Broker broker;
  private final SnsOptions options;
  private final HttpMessages messages;
  private final HttpPoster poster;
  private final DeliveryCounters counters = new DeliveryCounters();

  /**
   * Platform threads: to sign a message takes a millisecond, to find an address may take seconds,
   * and neither lets go of the one carrier that virtual threads may share with all connections.
   */
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("sns-delivery-", 0).factory());

  private final Semaphore atOnce = new Semaphore(SnsLimits.HTTP_DELIVERIES);
  private final Semaphore asking = new Semaphore(SnsLimits.HTTP_CONFIRMATIONS);
  private final Map<String, EndpointDeliveries> byQueue = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  HttpDeliveries(Broker broker, HttpMessages messages, SnsOptions options) {
    this.broker = broker;
    this.options = options;
    this.messages = messages;
    this.poster = new HttpPoster(options);
  }

  SnsOptions options() {
    return options;
  }

  DeliveryCounters counters() {
    return counters;
  }

  Queues queues() {
    return broker.deliveryQueues();
  }

  /** Begins to deliver what a source brings, unless that is so already or deliveries are off. */
  void begin(Source source) {
    Optional<Queue> queue = queues().find(source.queue());
    if (options.mode() == HttpDeliveryMode.OFF || queue.isEmpty() || isClosing()) {
      return;
    }
    EndpointDeliveries begun =
        new EndpointDeliveries(
            broker, queue.get(), source, messages, poster, counters, atOnce, this);
    if (byQueue.putIfAbsent(source.queue(), begun) == null) {
      begun.start();
    }
  }

  /** Ends deliveries; what is being posted now may still arrive. */
  void end(Source source) {
    EndpointDeliveries running = byQueue.remove(source.queue());
    if (running != null) {
      running.close();
    }
  }

  /** Ends deliveries of a source that has ended, and forgets what they needed. */
  void forget(String queue) {
    byQueue.remove(queue);
    queues().delete(queue);
  }

  /** Asks an endpoint, or tells it; in the background, and again when that fails. */
  void ask(Source source, HttpSubscription http, Confirmation confirmation) {
    if (options.mode() == HttpDeliveryMode.OFF || isClosing()) {
      return;
    }
    if (!asking.tryAcquire()) {
      LOG.warn("{} was not asked: too many are being asked", http.shownEndpoint());
      return;
    }
    execute(
        () -> {
          try {
            askUntilAnswered(source, http, confirmation);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.error("{} could not be asked", http.shownEndpoint(), e);
          } finally {
            asking.release();
          }
        });
  }

  /** Runs what posts; semaphores bound how much there is. */
  void execute(Runnable posting) {
    threads.execute(posting);
  }

  private void askUntilAnswered(Source source, HttpSubscription http, Confirmation confirmation)
      throws InterruptedException {
    RetryPolicy retries = messages.policy(source).retries();
    for (int retry = 0; ; retry++) {
      if (retry > 0 && closesWithin(retries.delay(retry))) {
        return;
      }
      HttpMessages.Post post = messages.confirmation(source, http, confirmation);
      switch (poster.post(http.endpoint(), post.headers(), post.body())) {
        case PostOutcome.Delivered _ -> {
          return;
        }
        case PostOutcome.Refused refused -> {
          LOG.warn("{} to {}: {}", confirmation.type(), http.shownEndpoint(), refused.reason());
          return;
        }
        case PostOutcome.Failed failed -> {
          if (retry >= retries.numRetries()) {
            LOG.warn("{} to {}: {}", confirmation.type(), http.shownEndpoint(), failed.reason());
            return;
          }
        }
      }
    }
  }

  boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Waits; true as soon as everything ends. */
  boolean closesWithin(Duration wait) throws InterruptedException {
    return closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends all deliveries; what was not delivered is when there is a next time. */
  @Override
  public void close() {
    closing.countDown();
    byQueue.values().forEach(EndpointDeliveries::close);
    poster.close();
    byQueue.values().forEach(EndpointDeliveries::awaitEnd);
    threads.shutdown();
    if (!counters.all().isEmpty()) {
      LOG.info("deliveries: {}", counters.all());
    }
  }
}
