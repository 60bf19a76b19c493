package io.sluice.torture.work;

import io.sluice.torture.history.MessageHistory;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** Workers of a standard queue, who delete most of what they receive. Thread-safe. */
final class Consuming {

  private static final int MOST = 10;

  private final SqsClient sqs;
  private final QueueClient queue;
  private final MessageHistory history;

  Consuming(SqsClient sqs, QueueClient queue, MessageHistory history) {
    this.sqs = sqs;
    this.queue = queue;
    this.history = history;
  }

  void step(Random random) {
    long requestedAt = System.nanoTime();
    List<Message> messages = receive(1 + random.nextInt(MOST), random.nextInt(2), requestedAt);
    if (messages.isEmpty()) {
      return;
    }
    switch (random.nextInt(10)) {
      case 0 -> {} // comes again after its timeout
      case 1 -> messages.forEach(queue::giveBack);
      case 2, 3, 4 -> messages.forEach(message -> delete(message, requestedAt));
      default -> delete(messages, requestedAt);
    }
  }

  private List<Message> receive(int most, int waitSeconds, long requestedAt) {
    List<Message> messages = queue.receive(most, waitSeconds);
    messages.forEach(
        message -> history.received(Bodies.name(message.body()), message.messageId(), requestedAt));
    return messages;
  }

  private void delete(Message message, long requestedAt) {
    queue.delete(message);
    deleted(message, requestedAt);
  }

  private void delete(List<Message> messages, long requestedAt) {
    DeleteMessageBatchResponse answer =
        sqs.deleteMessageBatch(
            request ->
                request
                    .queueUrl(queue.url())
                    .entries(
                        IntStream.range(0, messages.size())
                            .mapToObj(i -> entry(i, messages.get(i)))
                            .toList()));
    Set<String> done =
        answer.successful().stream()
            .map(DeleteMessageBatchResultEntry::id)
            .collect(Collectors.toSet());
    for (int i = 0; i < messages.size(); i++) {
      if (done.contains(Integer.toString(i))) {
        deleted(messages.get(i), requestedAt);
      }
    }
  }

  private static DeleteMessageBatchRequestEntry entry(int index, Message message) {
    return DeleteMessageBatchRequestEntry.builder()
        .id(Integer.toString(index))
        .receiptHandle(message.receiptHandle())
        .build();
  }

  private void deleted(Message message, long requestedAt) {
    long now = System.nanoTime();
    history.deleted(Bodies.name(message.body()), QueueClient.isSure(requestedAt, now), now);
  }

  /** Empties the queue, and ends the history. */
  void settle() {
    queue.drain(
        (most, waitSeconds) -> {
          long requestedAt = System.nanoTime();
          List<Message> messages = receive(most, waitSeconds, requestedAt);
          if (!messages.isEmpty()) {
            delete(messages, requestedAt);
          }
        });
    history.end();
  }
}
