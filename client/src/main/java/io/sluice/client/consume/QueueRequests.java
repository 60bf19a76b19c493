package io.sluice.client.consume;

import io.sluice.client.service.Backoff;
import io.sluice.client.service.Deadline;
import io.sluice.client.service.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** Requests for many messages of many queues, ten messages each, several requests at once. */
final class QueueRequests {

  /** Amazon's "DeleteMessageBatch". */
  private static final int MAX_ENTRIES = 10;

  /** So long a request may take even when there is less time. */
  private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);

  /** What SQS says of a message that it has given to somebody else since, or has no more. */
  private static final Set<String> LOST =
      Set.of(
          "ReceiptHandleIsInvalid",
          "InvalidParameterValue",
          "MessageNotInflight",
          "AWS.SimpleQueueService.MessageNotInflight");

  /**
   * What came of it.
   *
   * @param lost those that somebody else may have
   * @param failed those of which nobody knows, for {@code reason}
   */
  record Outcome(
      List<HeldMessage> lost, List<HeldMessage> failed, @Nullable RuntimeException reason) {

    private static Outcome ofAll(List<Outcome> outcomes) {
      List<HeldMessage> lost = new ArrayList<>();
      List<HeldMessage> failed = new ArrayList<>();
      RuntimeException reason = null;
      for (Outcome each : outcomes) {
        lost.addAll(each.lost);
        failed.addAll(each.failed);
        reason = reason == null ? each.reason : reason;
      }
      return new Outcome(lost, failed, reason);
    }
  }

  /** One request; the id of each entry is its place. */
  private interface Request {

    /** No repetition begins after {@code left}; one that must not be late ends then, too. */
    List<BatchResultErrorEntry> send(String queueUrl, List<HeldMessage> batch, Duration left);
  }

  private final SqsClient sqs;
  private final Backoff backoff;
  private final Executor executor;

  /** Requests that {@code executor} makes, each again after a while when it may succeed then. */
  QueueRequests(SqsClient sqs, Backoff backoff, Executor executor) {
    this.sqs = sqs;
    this.backoff = backoff;
    this.executor = executor;
  }

  /** Deletes messages. */
  Outcome delete(Collection<HeldMessage> messages, Duration patience) {
    return forAll(messages, patience, (queueUrl, batch, left) -> delete(queueUrl, batch));
  }

  private List<BatchResultErrorEntry> delete(String queueUrl, List<HeldMessage> batch) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (HeldMessage message : batch) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(message.receiptHandle())
              .build());
    }
    return sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries)).failed();
  }

  /** Sets for how long, from now on, nobody else is given messages. */
  Outcome changeVisibility(
      Collection<HeldMessage> messages, Duration visibility, Duration patience) {
    int seconds = Math.toIntExact(visibility.toSeconds());
    return forAll(
        messages,
        patience,
        (queueUrl, batch, left) -> changeVisibility(queueUrl, batch, seconds, left));
  }

  private List<BatchResultErrorEntry> changeVisibility(
      String queueUrl, List<HeldMessage> batch, int seconds, Duration left) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
    for (HeldMessage message : batch) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(message.receiptHandle())
              .visibilityTimeout(seconds)
              .build());
    }
    // One that hangs must not keep all others from being renewed in time.
    Duration timeout = left.compareTo(SHORTEST_CALL) < 0 ? SHORTEST_CALL : left;
    return sqs.changeMessageVisibilityBatch(
            request ->
                request
                    .queueUrl(queueUrl)
                    .entries(entries)
                    .overrideConfiguration(override -> override.apiCallTimeout(timeout)))
        .failed();
  }

  private Outcome forAll(Collection<HeldMessage> messages, Duration patience, Request request) {
    long deadline = Deadline.in(patience);
    Map<String, List<HeldMessage>> queues = new LinkedHashMap<>();
    for (HeldMessage message : messages) {
      queues.computeIfAbsent(message.queueUrl(), url -> new ArrayList<>()).add(message);
    }
    List<Supplier<Outcome>> batches = new ArrayList<>();
    queues.forEach(
        (url, own) -> {
          for (int i = 0; i < own.size(); i += MAX_ENTRIES) {
            List<HeldMessage> batch = own.subList(i, Math.min(i + MAX_ENTRIES, own.size()));
            batches.add(() -> repeat(url, batch, deadline, request));
          }
        });
    return Outcome.ofAll(atOnce(batches));
  }

  /** All but the last by others, and that by whoever waits for all. */
  private List<Outcome> atOnce(List<Supplier<Outcome>> batches) {
    List<CompletableFuture<Outcome>> others = new ArrayList<>();
    for (int i = 0; i < batches.size() - 1; i++) {
      others.add(CompletableFuture.supplyAsync(batches.get(i), executor));
    }
    List<Outcome> outcomes = new ArrayList<>();
    if (!batches.isEmpty()) {
      outcomes.add(batches.get(batches.size() - 1).get());
    }
    others.forEach(other -> outcomes.add(other.join()));
    return outcomes;
  }

  private Outcome repeat(String queueUrl, List<HeldMessage> batch, long deadline, Request request) {
    List<HeldMessage> left = batch;
    List<HeldMessage> lost = new ArrayList<>();
    RuntimeException reason = null;
    for (int attempts = 1; !left.isEmpty(); attempts++) {
      Map<HeldMessage, Failure> failed = new HashMap<>();
      Duration time = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      for (Map.Entry<HeldMessage, BatchFailure> each :
          once(queueUrl, left, time, request).entrySet()) {
        if (each.getValue().isLost()) {
          lost.add(each.getKey());
        } else {
          failed.put(each.getKey(), each.getValue().failure());
        }
      }
      if (failed.isEmpty()) {
        break;
      }
      left = left.stream().filter(failed::containsKey).toList();
      Failure first = failed.values().iterator().next();
      long wait = backoff.nanos(attempts);
      if (!first.retriable() || System.nanoTime() + wait - deadline > 0 || !sleep(wait)) {
        reason =
            first.retriable()
                ? new TimeoutException("SQS did not answer in time", first.exception())
                : first.exception();
        return new Outcome(lost, left, reason);
      }
    }
    return new Outcome(lost, List.of(), reason);
  }

  /** Why an entry failed. */
  private record BatchFailure(boolean isLost, Failure failure) {}

  private static Map<HeldMessage, BatchFailure> once(
      String queueUrl, List<HeldMessage> batch, Duration left, Request request) {
    Map<HeldMessage, BatchFailure> failures = new HashMap<>();
    try {
      for (BatchResultErrorEntry error : request.send(queueUrl, batch, left)) {
        boolean senderFault = Boolean.TRUE.equals(error.senderFault());
        failures.put(
            batch.get(Integer.parseInt(error.id())),
            new BatchFailure(
                LOST.contains(error.code()),
                Failure.of(error.code(), String.valueOf(error.message()), senderFault)));
      }
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e);
      batch.forEach(message -> failures.put(message, new BatchFailure(false, failure)));
    }
    return failures;
  }

  /** False: somebody wants it to end. */
  private static boolean sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
