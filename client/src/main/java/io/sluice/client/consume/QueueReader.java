package io.sluice.client.consume;

import io.sluice.client.message.PayloadStore;
import io.sluice.client.service.Backoff;
import io.sluice.client.service.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Reads queues as one member of a group: receives ahead of the application, keeps what it holds
 * from others, and deletes what is committed. Safe for use by many threads.
 */
public final class QueueReader {

  /** Requests that delete, renew and give back, at once. */
  private static final int REQUESTS = 8;

  /** How long a message that failed is left alone at most. */
  private static final int MAX_PAUSE_SECONDS = 60;

  private final InFlightMessages inFlight;
  private final @Nullable PayloadStore payloads;
  private final Leases leases;
  private final Receiving receiving;
  private final ExecutorService requesting;
  private final Deletions deletions;
  private final ScheduledExecutorService timer;

  /**
   * How it reads.
   *
   * @param visibility how long a message is nobody else's after this was killed; whole seconds
   * @param maxPollInterval for how long the application may do without {@link #polled}
   * @param longPoll how long a request for messages waits for them; whole seconds, 0 to 20 s
   * @param maxRecords how many records wait for the application, about
   * @param maxBytes what they take of memory, about
   * @param payloads where those of offloaded messages are, closed with the reader; null: nowhere
   */
  public record Options(
      Duration visibility,
      Duration maxPollInterval,
      Duration longPoll,
      int maxRecords,
      long maxBytes,
      Backoff backoff,
      String threadName,
      @Nullable PayloadStore payloads) {}

  /** Reads nothing before {@link #start}. */
  public QueueReader(SqsClient sqs, Options options) {
    this.payloads = options.payloads();
    this.inFlight = new InFlightMessages(options.maxRecords(), options.maxBytes());
    this.requesting = Executors.newFixedThreadPool(REQUESTS, threads(options, "requests"));
    this.timer = Executors.newSingleThreadScheduledExecutor(threads(options, "leases"));
    QueueRequests requests = new QueueRequests(sqs, options.backoff(), requesting);
    this.deletions =
        new Deletions(
            requests, inFlight, Executors.newSingleThreadExecutor(threads(options, "commits")));
    this.leases = new Leases(requests, inFlight, options.visibility(), options.maxPollInterval());
    this.receiving =
        new Receiving(
            sqs,
            new MessageReader(payloads),
            inFlight,
            leases,
            Executors.newCachedThreadPool(threads(options, "receive")),
            options.longPoll(),
            options.backoff());
    leases.start(timer);
  }

  private static ThreadFactory threads(Options options, String what) {
    return task -> {
      Thread thread = new Thread(task, options.threadName() + "-" + what);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** What is in flight. */
  public InFlightMessages inFlight() {
    return inFlight;
  }

  /** Receives what a queue has, for the partitions that are read. */
  public void start(Source source) {
    receiving.start(source);
  }

  /** Whether it does; not when the queue is gone. */
  public boolean isReceiving(Source source) {
    return receiving.isReceiving(source);
  }

  /** The application has polled. */
  public void polled() {
    leases.polled();
  }

  /** Reads these partitions no longer, and gives their messages back. */
  public void stopReading(Collection<TopicPartition> partitions) {
    leases.giveBack(inFlight.stopReading(partitions));
  }

  /** Gives the message of the next record of a partition back: it cannot be read here. */
  public void letGo(TopicPartition partition) {
    giveBackForAWhile(inFlight.letGo(partition));
  }

  /**
   * Gives the message of a record back, and those of its message group that came after it.
   *
   * @return their offsets; empty when the record is not here
   */
  public Set<Long> letGoGroup(TopicPartition partition, long offset) {
    List<HeldMessage> group = inFlight.letGoGroup(partition, offset);
    giveBackForAWhile(group);
    return group.stream()
        .flatMap(message -> message.records().stream())
        .map(ReceivedRecord::offset)
        .collect(Collectors.toSet());
  }

  /** Gives every message back that is not being deleted. */
  public void letGoAll() {
    leases.giveBack(inFlight.letGoAll());
  }

  /** Nobody is given them for longer each time, since who is might fail as well. */
  private void giveBackForAWhile(List<HeldMessage> messages) {
    int times =
        messages.stream()
            .flatMap(message -> message.records().stream())
            .mapToInt(ReceivedRecord::receiveCount)
            .max()
            .orElse(1);
    int seconds = Math.min(MAX_PAUSE_SECONDS, 1 << Math.min(Math.max(times, 1) - 1, 10));
    leases.giveBack(messages, Duration.ofSeconds(seconds));
  }

  /**
   * Deletes messages that are committed, after those before.
   *
   * @param patience how long it is tried
   * @return fails with {@link CommitFailedException} when somebody else may have one of them by
   *     now, and with what SQS says; a later commit tries again then
   */
  public CompletableFuture<Void> delete(List<HeldMessage> committed, Duration patience) {
    return deletions.delete(committed, patience);
  }

  /**
   * Receives nothing any more, gives everything back that is not committed, and waits for what is
   * being deleted. A long poll that is under way may go on after this; what it still brings goes
   * back as well.
   *
   * @param patience for how long to wait
   * @param atLast runs when nothing is under way any more, on another thread
   */
  public void close(Duration patience, Runnable atLast) {
    long deadline = Deadline.in(patience);
    timer.shutdownNow();
    List<HeldMessage> held = inFlight.close();
    receiving.close();
    CountDownLatch givenBack = new CountDownLatch(1);
    Thread rest = new Thread(() -> end(held, givenBack, atLast), "sqs-consumer-closing");
    rest.setDaemon(true);
    rest.start();
    try {
      givenBack.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      deletions.close(Deadline.until(deadline));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(List<HeldMessage> held, CountDownLatch givenBack, Runnable atLast) {
    try {
      leases.giveBack(held);
      givenBack.countDown();
      receiving.awaitEnd();
    } catch (InterruptedException e) {
      // Nobody does that but to end the process.
      Thread.currentThread().interrupt();
    } finally {
      givenBack.countDown();
      // What is under way has its own deadline.
      requesting.shutdown();
      if (payloads != null) {
        payloads.close();
      }
      atLast.run();
    }
  }
}
