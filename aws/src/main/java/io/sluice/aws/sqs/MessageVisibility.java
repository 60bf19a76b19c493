package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import io.sluice.broker.ReceiptStanding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;

/** ChangeMessageVisibility and ChangeMessageVisibilityBatch. */
final class MessageVisibility {

  private final QueueDirectory queues;
  private final ReceiptHandles handles;
  private final InstantSource clock;

  MessageVisibility(QueueDirectory queues, ReceiptHandles handles, InstantSource clock) {
    this.queues = queues;
    this.handles = handles;
    this.clock = clock;
  }

  ChangeMessageVisibilityResponse change(ChangeMessageVisibilityRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    change(queue, request.receiptHandle(), request.visibilityTimeout());
    return ChangeMessageVisibilityResponse.builder().build();
  }

  ChangeMessageVisibilityBatchResponse changeBatch(ChangeMessageVisibilityBatchRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    List<ChangeMessageVisibilityBatchRequestEntry> entries = request.entries();
    Batches.check(
        "ChangeMessageVisibilityBatchRequestEntry",
        entries,
        ChangeMessageVisibilityBatchRequestEntry::id);
    List<ChangeMessageVisibilityBatchResultEntry> successful = new ArrayList<>(entries.size());
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    for (ChangeMessageVisibilityBatchRequestEntry entry : entries) {
      try {
        change(queue, entry.receiptHandle(), entry.visibilityTimeout());
        successful.add(ChangeMessageVisibilityBatchResultEntry.builder().id(entry.id()).build());
      } catch (AwsServiceException e) {
        failed.add(Batches.failure(entry.id(), e));
      }
    }
    return ChangeMessageVisibilityBatchResponse.builder()
        .successful(Answers.unlessEmpty(successful))
        .failed(Answers.unlessEmpty(failed))
        .build();
  }

  private void change(Queue queue, @Nullable String handle, @Nullable Integer seconds) {
    if (handle == null) {
      throw SqsErrors.missingParameter("ReceiptHandle");
    }
    if (seconds == null) {
      throw SqsErrors.missingParameter("VisibilityTimeout");
    }
    if (seconds < 0 || seconds > SqsLimits.VISIBILITY_TIMEOUT_SECONDS) {
      throw SqsErrors.invalidParameter(
          seconds,
          "VisibilityTimeout",
          "VisibilityTimeout must be an integer between 0 and "
              + SqsLimits.VISIBILITY_TIMEOUT_SECONDS
              + ".");
    }
    ReceiptHandles.Handle given = handles.read(queue.id(), handle);
    Duration timeout = Duration.ofSeconds(seconds);
    checkTotal(given.receivedAt(), timeout);
    // At Amazon nothing comes of it, and no error, when the message is somebody else's by now.
    if (!queue.changeVisibility(given.receipt(), timeout)
        && queue.standing(given.receipt()) == ReceiptStanding.GONE) {
      throw SqsErrors.messageGone(handle);
    }
  }

  /** Extensions do not reset the twelve hours (Amazon's "Amazon SQS visibility timeout"). */
  private void checkTotal(Instant receivedAt, Duration timeout) {
    Duration total = Duration.between(receivedAt, clock.instant()).plus(timeout);
    if (!timeout.isZero() && total.toMillis() > SqsLimits.VISIBILITY_TIMEOUT_SECONDS * 1_000L) {
      throw SqsErrors.invalidParameter(
          timeout.toSeconds(),
          "VisibilityTimeout",
          "Total VisibilityTimeout for the message is beyond the limit ["
              + SqsLimits.VISIBILITY_TIMEOUT_SECONDS
              + " seconds]");
    }
  }
}
