package io.sluice.torture.work;

import io.sluice.torture.history.FifoHistory;
import io.sluice.torture.history.FifoHistory.Delivery;
import io.sluice.torture.history.FifoHistory.Place;
import io.sluice.torture.history.Findings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Sends to a FIFO queue, or publishes to a FIFO topic that it is subscribed to: each message again
 * and again until it is acknowledged, and sometimes once more. Two workers receive.
 */
final class FifoWork implements Work {

  private static final int GROUPS = 5;
  private static final int MOST_OUTSTANDING = 200;
  private static final int MOST = 10;
  private static final Map<QueueAttributeName, String> FIFO =
      Map.of(QueueAttributeName.FIFO_QUEUE, "true");

  /** One way to send. */
  @FunctionalInterface
  private interface Door {
    void send(Place place, String body);
  }

  private final SqsClient sqs;
  private final SnsClient sns;
  private final QueueClient queue;
  private final FifoHistory history;
  private final Door door;

  /** What was sent and not acknowledged, if anything; of one thread at a time. */
  private volatile @Nullable Place unanswered;

  private FifoWork(
      SqsClient sqs, SnsClient sns, QueueClient queue, FifoHistory history, Door door) {
    this.sqs = sqs;
    this.sns = sns;
    this.queue = queue;
    this.history = history;
    this.door = door;
  }

  /** To a queue. */
  static FifoWork toQueue(Doors doors, Findings findings) {
    SqsClient sqs = doors.sqs();
    QueueClient queue = new QueueClient(sqs, "orders.fifo", FIFO);
    return new FifoWork(
        sqs,
        doors.sns(),
        queue,
        new FifoHistory(queue.name(), findings),
        (place, body) ->
            sqs.sendMessage(
                request ->
                    request
                        .queueUrl(queue.url())
                        .messageBody(body)
                        .messageGroupId(place.group())
                        .messageDeduplicationId(deduplicationId(place))));
  }

  /** To a topic. */
  static FifoWork toTopic(Doors doors, Findings findings) {
    SqsClient sqs = doors.sqs();
    SnsClient sns = doors.sns();
    String topicArn =
        sns.createTopic(
                request -> request.name("invoices.fifo").attributes(Map.of("FifoTopic", "true")))
            .topicArn();
    QueueClient queue = new QueueClient(sqs, "billing.fifo", FIFO);
    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queue.arn())
                .attributes(Map.of("RawMessageDelivery", "true")));
    return new FifoWork(
        sqs,
        sns,
        queue,
        new FifoHistory(queue.name(), findings),
        (place, body) ->
            sns.publish(
                request ->
                    request
                        .topicArn(topicArn)
                        .message(body)
                        .messageGroupId(place.group())
                        .messageDeduplicationId(deduplicationId(place))));
  }

  private static String deduplicationId(Place place) {
    return place.group() + "-" + place.number();
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("send to " + queue.name(), this::send),
        new Activity("receive from " + queue.name(), this::work),
        new Activity("receive from " + queue.name() + ", too", this::work));
  }

  private void send(Random random) {
    if (unanswered == null && history.outstanding() > MOST_OUTSTANDING) {
      return;
    }
    Place known = unanswered;
    Place place = known == null ? history.next("g" + random.nextInt(GROUPS)) : known;
    unanswered = place;
    answered(place);
    if (random.nextInt(7) == 0) {
      door.send(place, body(place));
    }
  }

  private void answered(Place place) {
    door.send(place, body(place));
    history.acknowledged(place);
    unanswered = null;
  }

  private static String body(Place place) {
    return place.group() + ":" + place.number();
  }

  private void work(Random random) {
    long requestedAt = System.nanoTime();
    List<Message> messages = receive(1 + random.nextInt(MOST), random.nextInt(2), requestedAt);
    if (random.nextInt(10) > 0) {
      delete(messages, requestedAt);
    }
  }

  private List<Message> receive(int most, int waitSeconds, long requestedAt) {
    List<Message> messages = queue.receive(most, waitSeconds);
    history.received(
        messages.stream()
            .map(message -> new Delivery(place(message), message.messageId()))
            .toList(),
        requestedAt);
    return messages;
  }

  private static Place place(Message message) {
    String[] parts = message.body().split(":", 2);
    return new Place(parts[0], Integer.parseInt(parts[1]));
  }

  /** In order; a group whose message could not be deleted waits. */
  private void delete(List<Message> messages, long requestedAt) {
    Set<String> stuck = new HashSet<>();
    SdkException failure = null;
    for (Message message : messages) {
      Place place = place(message);
      if (stuck.contains(place.group())) {
        continue;
      }
      history.deleting(place);
      try {
        queue.delete(message);
        long now = System.nanoTime();
        history.deleted(place, QueueClient.isSure(requestedAt, now), now);
      } catch (SdkException e) {
        stuck.add(place.group());
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void settle() {
    Place last = unanswered;
    if (last != null) {
      answered(last);
    }
    queue.drain(
        (most, waitSeconds) -> {
          long requestedAt = System.nanoTime();
          delete(receive(most, waitSeconds, requestedAt), requestedAt);
        });
    history.end();
  }

  @Override
  public void close() {
    sns.close();
    sqs.close();
  }
}
