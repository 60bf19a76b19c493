package io.sluice.torture.work;

import io.sluice.torture.history.DeadLetterHistory;
import io.sluice.torture.history.Findings;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A queue whose workers give poison back until it is moved to a dead-letter queue. */
final class DeadLetterWork implements Work {

  private static final String POISON = "poison";
  private static final int MOST_OUTSTANDING = 100;
  private static final int MOST = 10;

  private final SqsClient sqs;
  private final QueueClient dead;
  private final QueueClient queue;
  private final DeadLetterHistory history;
  private final Bodies good = new Bodies("good");
  private final Bodies poison = new Bodies(POISON);

  DeadLetterWork(Doors doors, Findings findings) {
    sqs = doors.sqs();
    dead = new QueueClient(sqs, "dead", Map.of());
    queue =
        new QueueClient(
            sqs,
            "retry",
            Map.of(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"maxReceiveCount\":\"3\",\"deadLetterTargetArn\":\"%s\"}"
                    .formatted(dead.arn())));
    history = new DeadLetterHistory(findings);
  }

  private static boolean isPoison(String name) {
    return name.startsWith(POISON);
  }

  @Override
  public List<Activity> activities() {
    return List.of(
        new Activity("send poison", this::send), new Activity("receive poison", this::work));
  }

  private void send(Random random) {
    if (history.outstanding() > MOST_OUTSTANDING) {
      return;
    }
    String name = (random.nextInt(3) == 0 ? poison : good).name();
    history.sending(name);
    sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody(Bodies.of(name, random)));
    history.acknowledged(name);
  }

  private void work(Random random) {
    work(1 + random.nextInt(MOST), random.nextInt(2));
    if (random.nextInt(4) == 0) {
      bury(MOST, 0);
    }
  }

  private void work(int most, int waitSeconds) {
    long requestedAt = System.nanoTime();
    for (Message message : queue.receive(most, waitSeconds)) {
      String name = Bodies.name(message.body());
      if (isPoison(name)) {
        queue.giveBack(message);
      } else {
        history.deleting(name);
        queue.delete(message);
        history.deleted(name, QueueClient.isSure(requestedAt, System.nanoTime()));
      }
    }
  }

  private void bury(int most, int waitSeconds) {
    for (Message message : dead.receive(most, waitSeconds)) {
      history.dead(Bodies.name(message.body()), message.messageId());
      dead.delete(message);
    }
  }

  @Override
  public void settle() {
    queue.drain(this::work);
    dead.drain(this::bury);
    history.end(DeadLetterWork::isPoison);
  }

  @Override
  public void close() {
    sqs.close();
  }
}
