package io.sluice.torture.work;

import io.sluice.torture.history.Findings;
import io.sluice.torture.history.MessageHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** Sends to a standard queue, alone and in batches, some with a delay, and receives from it. */
final class StandardQueueWork implements Work {

  private static final int MOST_OUTSTANDING = 400;
  private static final int MOST_AT_ONCE = 10;

  private final SqsClient sqs;
  private final QueueClient queue;
  private final MessageHistory history;
  private final Consuming consuming;
  private final Bodies bodies = new Bodies("m");

  StandardQueueWork(Doors doors, Findings findings) {
    sqs = doors.sqs();
    queue = new QueueClient(sqs, "work", Map.of());
    history = new MessageHistory(queue.name(), findings);
    consuming = new Consuming(sqs, queue, history);
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("send to a queue", this::send),
        new Activity("receive from a queue", consuming::step),
        new Activity("receive from a queue, too", consuming::step));
  }

  private void send(Random random) {
    if (history.outstanding() > MOST_OUTSTANDING) {
      return;
    }
    if (random.nextBoolean()) {
      String name = sending();
      int delay = random.nextInt(20) == 0 ? 1 : 0;
      sqs.sendMessage(
          request ->
              request
                  .queueUrl(queue.url())
                  .messageBody(Bodies.of(name, random))
                  .delaySeconds(delay));
      history.acknowledged(name);
    } else {
      sendBatch(random);
    }
  }

  private String sending() {
    String name = bodies.name();
    history.sending(name);
    return name;
  }

  private void sendBatch(Random random) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
      String name = sending();
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(name)
              .messageBody(Bodies.of(name, random))
              .build());
    }
    SendMessageBatchResponse answer =
        sqs.sendMessageBatch(request -> request.queueUrl(queue.url()).entries(entries));
    answer.successful().forEach(entry -> history.acknowledged(entry.id()));
  }

  @Override
  public void settle() {
    consuming.settle();
  }

  @Override
  public void close() {
    sqs.close();
  }
}
