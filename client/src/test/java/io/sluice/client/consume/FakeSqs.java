package io.sluice.client.consume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** One queue in memory, whose requests fail as they are told to. Visibility has no end. */
final class FakeSqs implements SqsClient {

  private final Deque<Message> available = new ArrayDeque<>();
  private final Map<String, Message> inFlight = new LinkedHashMap<>();
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final Deque<RuntimeException> deletionFailures = new ArrayDeque<>();
  private final Deque<String> entryFailures = new ArrayDeque<>();
  private final List<Integer> visibilities = new ArrayList<>();
  private int sent;
  private int receives;
  private int deletes;
  private boolean deletesAreHeld;
  private @Nullable String laterFailure;

  synchronized void send(String body, String groupId) {
    send(body, groupId, Map.of());
  }

  synchronized void send(
      String body, String groupId, Map<String, MessageAttributeValue> attributes) {
    available.add(
        Message.builder()
            .body(body)
            .messageAttributes(attributes)
            .messageId("id-" + sent)
            .receiptHandle("handle-" + sent)
            .attributes(
                Map.of(
                    MessageSystemAttributeName.MESSAGE_GROUP_ID,
                    groupId,
                    MessageSystemAttributeName.SEQUENCE_NUMBER,
                    Integer.toString(sent)))
            .build());
    sent++;
    notifyAll();
  }

  /** The next request fails so. */
  synchronized void fail(int status, String code) {
    failures.add(failure(status, code));
  }

  /** The next request that deletes fails so. */
  synchronized void failDeletion(int status, String code) {
    deletionFailures.add(failure(status, code));
  }

  private static SqsException failure(int status, String code) {
    return (SqsException)
        SqsException.builder()
            .message("no")
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage("no").build())
            .build();
  }

  /** The first entry of the next batch fails so. */
  synchronized void failEntry(String code) {
    entryFailures.add(code);
  }

  /** The first entry of the second request to delete fails so. */
  synchronized void failSecondDelete(String code) {
    laterFailure = code;
  }

  /** What was received and neither deleted nor given back. */
  synchronized int inFlight() {
    return inFlight.size();
  }

  /** What waits to be received. */
  synchronized int available() {
    return available.size();
  }

  /** How often somebody has asked for messages. */
  synchronized int receives() {
    return receives;
  }

  /** How often somebody has asked to delete messages. */
  synchronized int deletes() {
    return deletes;
  }

  /** Requests to delete are not answered any more, or again. */
  synchronized void holdDeletes(boolean hold) {
    deletesAreHeld = hold;
    notifyAll();
  }

  /** The visibility timeouts that were set, in seconds. */
  synchronized List<Integer> visibilities() {
    return List.copyOf(visibilities);
  }

  private void failIfTold() {
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
  }

  @Override
  public synchronized ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
    receives++;
    failIfTold();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(request.waitTimeSeconds());
      while (available.isEmpty() && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Message> messages = new ArrayList<>();
    while (messages.size() < request.maxNumberOfMessages() && !available.isEmpty()) {
      Message message = available.remove();
      inFlight.put(message.receiptHandle(), message);
      messages.add(message);
    }
    return ReceiveMessageResponse.builder().messages(messages).build();
  }

  @Override
  public synchronized DeleteMessageBatchResponse deleteMessageBatch(
      DeleteMessageBatchRequest request) {
    deletes++;
    try {
      while (deletesAreHeld) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (laterFailure != null && deletes > 1) {
      entryFailures.add(laterFailure);
      laterFailure = null;
    }
    failIfTold();
    if (!deletionFailures.isEmpty()) {
      throw deletionFailures.remove();
    }
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    for (DeleteMessageBatchRequestEntry entry : request.entries()) {
      if (failed.isEmpty() && !entryFailures.isEmpty()) {
        failed.add(error(entry.id()));
      } else {
        inFlight.remove(entry.receiptHandle());
      }
    }
    return DeleteMessageBatchResponse.builder().failed(failed).build();
  }

  @Override
  public synchronized ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
      ChangeMessageVisibilityBatchRequest request) {
    failIfTold();
    List<BatchResultErrorEntry> failed = new ArrayList<>();
    for (ChangeMessageVisibilityBatchRequestEntry entry : request.entries()) {
      visibilities.add(entry.visibilityTimeout());
      if (failed.isEmpty() && !entryFailures.isEmpty()) {
        failed.add(error(entry.id()));
      } else if (entry.visibilityTimeout() == 0) {
        Message back = inFlight.remove(entry.receiptHandle());
        if (back != null) {
          giveBack(back);
        }
      }
    }
    notifyAll();
    return ChangeMessageVisibilityBatchResponse.builder().failed(failed).build();
  }

  /** To its place among the others. */
  private void giveBack(Message back) {
    available.add(back);
    List<Message> ordered = new ArrayList<>(available);
    ordered.sort(Comparator.comparingInt(FakeSqs::number));
    available.clear();
    available.addAll(ordered);
  }

  private static int number(Message message) {
    return Integer.parseInt(message.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER));
  }

  private BatchResultErrorEntry error(String id) {
    return BatchResultErrorEntry.builder()
        .id(id)
        .code(entryFailures.remove())
        .message("no")
        .senderFault(true)
        .build();
  }

  @Override
  public String serviceName() {
    return "sqs";
  }

  @Override
  public void close() {}
}
