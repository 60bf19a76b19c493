package io.sluice.client.consume;

import io.sluice.client.service.Backoff;
import io.sluice.client.service.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Receives the messages of queues: one long poll each, and a few short ones beside it while there
 * is more than one request gives. Safe for use by many threads.
 */
final class Receiving {

  private static final Logger LOGGER = LoggerFactory.getLogger(Receiving.class);

  /** Amazon's "ReceiveMessage". */
  private static final int MAX_MESSAGES = 10;

  /**
   * The SDK's clients have 50 connections unless told otherwise; the rest is for other requests.
   */
  private static final int MOST_REQUESTS = 32;

  private static final int GRACE_SECONDS = 10;

  private final SqsClient sqs;
  private final MessageReader reader;
  private final InFlightMessages inFlight;
  private final Leases leases;
  private final ExecutorService threads;
  private final int waitSeconds;
  private final Backoff backoff;
  private final Semaphore requests = new Semaphore(MOST_REQUESTS, true);

  /** What is received from, by URL; guarded by itself. */
  private final Map<String, Source> running = new HashMap<>();

  private volatile boolean closed;

  /**
   * Receives nothing yet.
   *
   * @param threads as many as it needs; ended with this
   * @param wait how long a poll waits; whole seconds, 0 to 20 s
   */
  Receiving(
      SqsClient sqs,
      MessageReader reader,
      InFlightMessages inFlight,
      Leases leases,
      ExecutorService threads,
      Duration wait,
      Backoff backoff) {
    this.sqs = sqs;
    this.reader = reader;
    this.inFlight = inFlight;
    this.leases = leases;
    this.threads = threads;
    this.waitSeconds = Math.toIntExact(wait.toSeconds());
    this.backoff = backoff;
  }

  /**
   * Receives what a queue has until its topic is no longer read, or the queue is gone; if it does
   * already, as of that source from now on.
   */
  void start(Source source) {
    synchronized (running) {
      if (running.put(source.queueUrl(), source) == null) {
        threads.execute(() -> lead(source.queueUrl()));
      }
    }
  }

  /** Whether it does. */
  boolean isReceiving(Source source) {
    synchronized (running) {
      return running.containsKey(source.queueUrl());
    }
  }

  private Source current(String queueUrl) {
    synchronized (running) {
      return Objects.requireNonNull(running.get(queueUrl));
    }
  }

  /** Long polls share the connections that there are. */
  private int waitSeconds() {
    synchronized (running) {
      return running.size() <= MOST_REQUESTS ? waitSeconds : Math.min(1, waitSeconds);
    }
  }

  private void lead(String queueUrl) {
    ShortPolls beside = new ShortPolls();
    int failures = 0;
    boolean left = false;
    try {
      while (goesOn(queueUrl)) {
        Source source = current(queueUrl);
        try {
          requests.acquire();
          int received;
          try {
            received = receive(source, waitSeconds());
          } finally {
            requests.release();
          }
          failures = 0;
          if (beside.begins(received == MAX_MESSAGES)) {
            threads.execute(() -> drain(source, beside));
          }
        } catch (RuntimeException e) {
          failures++;
          if (closed || !goesOn(source, Failure.of(e), failures)) {
            return;
          }
        }
      }
      left = true;
    } catch (InterruptedException | RejectedExecutionException e) {
      // It is being closed.
    } finally {
      if (!left) {
        leave(queueUrl);
      }
    }
  }

  private void leave(String queueUrl) {
    synchronized (running) {
      running.remove(queueUrl);
    }
  }

  /** Waits for room; false: the topic is no longer read, and somebody may start it again. */
  private boolean goesOn(String queueUrl) throws InterruptedException {
    while (!closed) {
      String topic = current(queueUrl).topic();
      if (inFlight.awaitRoom(topic)) {
        return true;
      }
      synchronized (running) {
        if (!inFlight.isAssigned(topic)) {
          leave(queueUrl);
          return false;
        }
      }
    }
    return false;
  }

  /** Short polls as long as each is full. */
  private void drain(Source source, ShortPolls beside) {
    int sum = 0;
    try {
      int received = MAX_MESSAGES;
      while (received == MAX_MESSAGES && !closed && inFlight.hasRoom(source.topic())) {
        if (!requests.tryAcquire()) {
          return;
        }
        try {
          received = receive(source, 0);
          sum += received;
        } finally {
          requests.release();
        }
      }
    } catch (RuntimeException e) {
      // The long poll meets with the same, and says so.
    } finally {
      beside.ended(sum);
    }
  }

  private int receive(Source source, int seconds) {
    long askedAt = System.nanoTime();
    List<Message> messages =
        sqs.receiveMessage(
                request ->
                    request
                        .queueUrl(source.queueUrl())
                        .maxNumberOfMessages(MAX_MESSAGES)
                        .waitTimeSeconds(seconds)
                        .visibilityTimeout(leases.seconds())
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages();
    // A long poll gives messages at its end: their time runs since then, not since it was asked.
    long since = seconds == 0 ? askedAt : System.nanoTime();
    leases.giveBack(inFlight.add(read(source, messages, since)));
    return messages.size();
  }

  private List<HeldMessage> read(Source source, List<Message> messages, long since) {
    try {
      return messages.stream().map(message -> reader.read(source, message, since)).toList();
    } catch (RuntimeException e) {
      // All of them go back: others of their message groups must not come before them.
      leases.giveBack(
          messages.stream().map(message -> HeldMessage.unread(source, message)).toList());
      throw e;
    }
  }

  private boolean goesOn(Source source, Failure failure, int failures) throws InterruptedException {
    if (failure.retriable()) {
      LOGGER.warn("{} is not received from: {}", source.queueUrl(), failure.exception().toString());
    } else {
      inFlight.fail(failure.exception());
    }
    if (failure.isQueueGone()) {
      return false;
    }
    TimeUnit.NANOSECONDS.sleep(backoff.nanos(failures));
    return true;
  }

  /**
   * Stops; what a request that is under way still brings goes back. Nothing is interrupted: the SDK
   * would drop the answer, and its messages would be in flight with nobody.
   */
  void close() {
    closed = true;
    threads.shutdown();
  }

  /** Waits until no request is under way, which may be a long poll that nothing can abort. */
  void awaitEnd() throws InterruptedException {
    threads.awaitTermination(2L * waitSeconds + GRACE_SECONDS, TimeUnit.SECONDS);
  }
}
