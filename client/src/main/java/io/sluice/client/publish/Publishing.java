package io.sluice.client.publish;

import io.sluice.client.service.Backoff;
import io.sluice.client.service.Failure;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Publishes what lanes have, in requests of up to ten messages, several at once. Of one lane one
 * message is under way at a time, so that its order stands whatever fails; what may succeed later
 * is tried again, with the same deduplication id, until it expires. Safe for use by many threads.
 */
public final class Publishing implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Publishing.class);

  /** So long a request may take even when its messages expire sooner; ns. */
  private static final long SHORTEST_CALL = TimeUnit.SECONDS.toNanos(10);

  private static final long LONGEST_CALL = TimeUnit.MINUTES.toNanos(1);

  private final SnsClient sns;
  private final long longestCall;
  private final Backoff backoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  /** Guarded by the lock, as the other fields that are not final. */
  private final ActiveLanes lanes;

  /** Who waits for the service; guarded by the lock. */
  private final Set<Thread> asking = new HashSet<>();

  /** Guarded by the lock. */
  private final Senders senders;

  /** Who runs a listener. */
  private final Set<Thread> telling = ConcurrentHashMap.newKeySet();

  private int underWay;

  /** Of how many requests under way listeners hear. */
  private int beingTold;

  private volatile boolean closing;
  private boolean closed;

  /**
   * Begins; nothing is published before there is something in a lane.
   *
   * @param maxRequests how many are under way at once
   * @param maxRequestBytes how large one may be
   * @param name of its threads
   */
  public Publishing(
      SnsClient sns, int maxRequests, int maxRequestBytes, Backoff backoff, String name) {
    this.sns = sns;
    this.longestCall = PublishRequests.longestCall(sns);
    this.backoff = backoff;
    this.lanes = new ActiveLanes(maxRequestBytes);
    this.senders = new Senders(lock, lanes, maxRequests, name, this::send);
    senders.start();
  }

  /**
   * Changes what a lane has, alone, and looks at it again.
   *
   * @throws IllegalStateException it was closed
   */
  public void change(String topicArn, Lane lane, Runnable change) {
    lock.lock();
    try {
      if (closing) {
        throw new IllegalStateException("Cannot perform operation after producer has been closed");
      }
      change.run();
      lanes.add(topicArn, lane);
      if (lane.active().isWaiting()) {
        senders.lookBy(lane.active().readyAt());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Everybody looks again: lanes may be ready sooner than they were. */
  public void lookAgain(Runnable change) {
    lock.lock();
    try {
      change.run();
      senders.lookBy(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** What each sender does until it was closed. */
  private void send() {
    try {
      for (Request next = take(); next != null; next = take()) {
        publish(next);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      // A bug, or the end of the process. Nobody is to wait for what will not happen.
      LOGGER.error("the producer publishes nothing any more", e);
      giveUp(new KafkaException("The producer's sender has failed", e));
    }
  }

  /** Waits for the next request; null when it was closed. */
  private @Nullable Request take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        Request request = senders.look(now);
        if (request != null) {
          underWay++;
          asking.add(Thread.currentThread());
          return request;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void publish(Request request) {
    List<Outcome> outcomes = List.of();
    try {
      outcomes = request.entries().isEmpty() ? List.of() : ask(request);
    } finally {
      end(request, outcomes);
      // A listener may have interrupted itself.
      Thread.interrupted();
    }
  }

  private List<Outcome> ask(Request request) {
    int messages = request.entries().size();
    try {
      return Outcome.of(sns.publishBatch(PublishRequests.of(request, timeout(request))), messages);
    } catch (RuntimeException | Error e) {
      // Whatever it is: who waits must hear of it.
      return Collections.nCopies(messages, Outcome.of(e));
    }
  }

  /** A repetition after the messages have expired could come when nobody knows the first. */
  private Duration timeout(Request request) {
    long now = System.nanoTime();
    long left = LONGEST_CALL;
    for (Request.Entry entry : request.entries()) {
      left = Math.min(left, entry.message().expiresAt() - now);
    }
    return Duration.ofNanos(Math.min(Math.max(left, SHORTEST_CALL), longestCall));
  }

  private static KafkaException forceful() {
    return new KafkaException("Producer is closed forcefully.");
  }

  /** The lanes stay in flight until their listeners were told, so that these hear in order. */
  private void end(Request request, List<Outcome> outcomes) {
    List<Runnable> news = new ArrayList<>(outcomes.size());
    boolean told = false;
    lock.lock();
    try {
      asking.remove(Thread.currentThread());
      // Who closes interrupts the request, not what listeners do.
      Thread.interrupted();
      if (request.end()) {
        news.addAll(ended(request, outcomes));
        beingTold++;
        told = true;
      }
    } finally {
      lock.unlock();
    }
    try {
      tell(news);
    } finally {
      lock.lock();
      try {
        lanes.land(request);
        beingTold -= told ? 1 : 0;
        underWay--;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private List<Runnable> ended(Request request, List<Outcome> outcomes) {
    List<Runnable> news = new ArrayList<>(outcomes.size());
    for (Request.Refusal refusal : request.refusals()) {
      Outgoing.Refused refused = refusal.refused();
      news.add(() -> refused.listener().failed(refused.reason()));
    }
    for (int i = 0; i < request.entries().size(); i++) {
      news.add(
          ended(
              request.entries().get(i),
              i < outcomes.size()
                  ? outcomes.get(i)
                  : Outcome.of(new IllegalStateException("nobody knows what became of it"))));
    }
    return news;
  }

  private void tell(List<Runnable> news) {
    Thread self = Thread.currentThread();
    boolean first = telling.add(self);
    try {
      news.forEach(Publishing::tell);
    } finally {
      if (first) {
        telling.remove(self);
      }
    }
  }

  /** One listener that fails does not keep the others from hearing. */
  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      LOGGER.error("who published a message cannot be told what became of it", e);
    }
  }

  /** What is to be told of it. */
  private Runnable ended(Request.Entry entry, Outcome outcome) {
    Outgoing.Message message = entry.message();
    Failure failure = outcome.failure();
    if (failure != null
        && failure.retriable()
        && !closed
        && entry.of().tryAgain(message, backoff)) {
      return () -> {};
    }
    entry.of().goOn();
    if (failure == null) {
      return () -> message.listener().published(outcome.sequenceNumber());
    }
    KafkaException reason =
        !failure.retriable()
            ? failure.exception()
            : closed
                ? forceful()
                : new TimeoutException(Outgoing.expired().getMessage(), failure.exception());
    return () -> message.listener().failed(reason);
  }

  /** Whether it takes nothing any more. */
  public boolean isClosed() {
    return closing;
  }

  /** Whether this thread is telling a listener, so that it must not wait for others. */
  public boolean isTelling() {
    return telling.contains(Thread.currentThread());
  }

  /**
   * Waits until everything is published or given up, but no longer than {@code patience}; then
   * gives up what is left, requests under way as well, and waits until everybody has heard of it. A
   * listener does not wait.
   */
  public void close(Duration patience) {
    lock.lock();
    try {
      closing = true;
      awaitEnd(System.nanoTime() + (isTelling() ? 0 : Nanoseconds.of(patience)));
    } finally {
      lock.unlock();
    }
    giveUp(forceful());
    if (!isTelling()) {
      awaitTold();
    }
  }

  private void awaitTold() {
    lock.lock();
    try {
      while (beingTold > 0) {
        ended.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(RuntimeException reason) {
    List<Runnable> news = new ArrayList<>();
    lock.lock();
    try {
      closing = true;
      closed = true;
      lanes.whatIsLeft().forEach(left -> news.add(() -> left.listener().failed(reason)));
      asking.forEach(Thread::interrupt);
      senders.wakeAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    tell(news);
  }

  private void awaitEnd(long deadline) {
    try {
      long wait = deadline - System.nanoTime();
      while (!closed && wait > 0 && (underWay > 0 || !lanes.isEmpty())) {
        ended.awaitNanos(wait);
        wait = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      // Who interrupts the application does not want to wait.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    close(Duration.ofMillis(Long.MAX_VALUE));
  }
}
