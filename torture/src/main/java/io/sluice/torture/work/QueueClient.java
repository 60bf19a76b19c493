package io.sluice.torture.work;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** One queue through an SDK's client. Thread-safe. */
final class QueueClient {

  /** How long a received message is nobody else's: soon enough again after a crash. */
  static final Duration VISIBILITY = Duration.ofSeconds(3);

  /** Whoever is done sooner than this surely holds what it received. */
  private static final Duration SURE = Duration.ofSeconds(2);

  private static final Duration DRAIN_BOUND = Duration.ofSeconds(90);

  private static final int BATCH = 10;

  private final SqsClient sqs;
  private final String name;
  private final String url;

  /** Makes a queue. */
  QueueClient(SqsClient sqs, String name, Map<QueueAttributeName, String> attributes) {
    this.sqs = sqs;
    this.name = name;
    Map<QueueAttributeName, String> all = new HashMap<>(attributes);
    all.put(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(VISIBILITY.toSeconds()));
    this.url = sqs.createQueue(request -> request.queueName(name).attributes(all)).queueUrl();
  }

  String name() {
    return name;
  }

  String url() {
    return url;
  }

  String arn() {
    return attribute(QueueAttributeName.QUEUE_ARN);
  }

  private String attribute(QueueAttributeName attribute) {
    return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(attribute))
        .attributes()
        .getOrDefault(attribute, "");
  }

  /** Up to {@code most} messages, after at most {@code waitSeconds}. */
  List<Message> receive(int most, int waitSeconds) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds(waitSeconds)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  void delete(Message message) {
    sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
  }

  /** Makes a message that was received available at once. */
  void giveBack(Message message) {
    sqs.changeMessageVisibility(
        request ->
            request.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
  }

  /** Whether who received something in a request that began then surely holds it now. */
  static boolean isSure(long requestedAt, long now) {
    return now - requestedAt < SURE.toNanos();
  }

  /** What one receive does in {@link #drain}. */
  @FunctionalInterface
  interface Receiver {

    void receive(int most, int waitSeconds);
  }

  /**
   * Receives until nothing is in the queue, available, delayed or in flight.
   *
   * @throws IllegalStateException after a minute and a half
   */
  void drain(Receiver receiver) {
    long end = System.nanoTime() + DRAIN_BOUND.toNanos();
    while (messages() > 0) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(name + " does not get empty: " + messages() + " are left");
      }
      receiver.receive(BATCH, 1);
    }
  }

  /** How many there are, available, delayed or in flight. */
  private long messages() {
    return sqs
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
