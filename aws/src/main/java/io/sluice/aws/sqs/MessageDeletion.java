package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import io.sluice.broker.Receipt;
import io.sluice.broker.ReceiptStanding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;

/**
 * DeleteMessage and DeleteMessageBatch: acknowledgements of the queue. They answer when the
 * acknowledgement is durable. A handle of an earlier receive deletes nothing, which is an error in
 * a FIFO queue only; no error is a message that is gone already (Amazon's "DeleteMessage").
 */
final class MessageDeletion {

  private final QueueDirectory queues;
  private final ReceiptHandles handles;

  MessageDeletion(QueueDirectory queues, ReceiptHandles handles) {
    this.queues = queues;
    this.handles = handles;
  }

  DeleteMessageResponse delete(DeleteMessageRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    Receipt receipt = receipt(queue, request.receiptHandle());
    queue.acknowledge(List.of(receipt)).join();
    return DeleteMessageResponse.builder().build();
  }

  DeleteMessageBatchResponse deleteBatch(DeleteMessageBatchRequest request) {
    Queue queue = queues.byUrl(request.queueUrl());
    List<DeleteMessageBatchRequestEntry> entries = request.entries();
    Batches.check("DeleteMessageBatchRequestEntry", entries, DeleteMessageBatchRequestEntry::id);
    List<Receipt> receipts = new ArrayList<>(entries.size());
    List<DeleteMessageBatchResultEntry> successful = new ArrayList<>(entries.size());
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    for (DeleteMessageBatchRequestEntry entry : entries) {
      try {
        receipts.add(receipt(queue, entry.receiptHandle()));
        successful.add(DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
      } catch (AwsServiceException e) {
        failed.add(Batches.failure(entry.id(), e));
      }
    }
    if (!receipts.isEmpty()) {
      queue.acknowledge(receipts).join();
    }
    return DeleteMessageBatchResponse.builder()
        .successful(Answers.unlessEmpty(successful))
        .failed(Answers.unlessEmpty(failed))
        .build();
  }

  private Receipt receipt(Queue queue, @Nullable String handle) {
    if (handle == null) {
      throw SqsErrors.missingParameter("ReceiptHandle");
    }
    Receipt receipt = handles.read(queue.id(), handle).receipt();
    // Somebody else may be at work on the group (Amazon's "DeleteMessage").
    if (queue.settings().fifo().isPresent() && queue.standing(receipt) == ReceiptStanding.EXPIRED) {
      throw SqsErrors.invalidParameter(handle, "ReceiptHandle", "The receipt handle has expired.");
    }
    return receipt;
  }
}
