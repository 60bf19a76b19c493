package io.sluice.server.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Receives a queue's orders and deletes them, on a virtual thread of its own, until it is closed or
 * told to die with messages in its hands.
 */
final class QueueWorker implements AutoCloseable {

  private static final int VISIBILITY_TIMEOUT_SECONDS = 4;

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final SqsClient sqs;
  private final String queueUrl;
  private final Team team;
  private final String name;
  private final Thread thread;
  private final CountDownLatch dead = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile boolean dying;
  private volatile List<Order> abandoned = List.of();

  QueueWorker(SqsClient sqs, String queueUrl, Team team, String name) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.team = team;
    this.name = name;
    this.thread = Thread.ofVirtual().name(name).start(this::work);
  }

  /** The next messages received are neither noted nor deleted: the worker ends with them. */
  void die() {
    dying = true;
  }

  /** Waits until a worker that was told to die has received something, and returns that. */
  List<Order> abandoned() throws InterruptedException {
    dead.await();
    return abandoned;
  }

  private void work() {
    while (!closing) {
      try {
        List<Message> messages = receive();
        if (messages.isEmpty()) {
          continue;
        }
        if (dying) {
          abandoned = messages.stream().map(message -> Order.parse(message.body())).toList();
          dead.countDown();
          return;
        }
        messages.forEach(this::note);
        delete(messages);
      } catch (SdkException e) {
        // The broker is being restarted; what was not deleted comes back after its timeout.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private List<Message> receive() {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(1)
                    .visibilityTimeout(VISIBILITY_TIMEOUT_SECONDS)
                    .messageSystemAttributeNames(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
        .messages();
  }

  private void note(Message message) {
    String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    int attempt = count == null ? 1 : Integer.parseInt(count);
    team.received(new Team.Receipt(name, Order.parse(message.body()), attempt));
  }

  private void delete(List<Message> messages) {
    List<DeleteMessageBatchRequestEntry> entries =
        messages.stream()
            .map(
                message ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
            .toList();
    sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
