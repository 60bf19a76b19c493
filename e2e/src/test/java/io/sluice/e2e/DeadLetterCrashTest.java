package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A worker that always fails, a dead-letter queue, {@code kill -9} while messages die and while
 * they are moved back: with the AWS SDK for Java, nothing is lost.
 */
class DeadLetterCrashTest {

  private static final int MESSAGES = 200;
  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void dead_letters_survive_kill_9_and_come_back() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SqsClient sqs = sluice.sqs()) {
      String dead = sqs.createQueue(r -> r.queueName("dead")).queueUrl();
      String deadArn = arn(sqs, dead);
      String orders =
          sqs.createQueue(
                  r ->
                      r.queueName("orders")
                          .attributes(
                              Map.of(
                                  QueueAttributeName.REDRIVE_POLICY,
                                  "{\"deadLetterTargetArn\":\""
                                      + deadArn
                                      + "\",\"maxReceiveCount\":\"2\"}")))
              .queueUrl();
      Set<String> sent =
          IntStream.range(0, MESSAGES)
              .mapToObj(i -> "order " + i)
              .collect(Collectors.toUnmodifiableSet());
      sent.forEach(body -> sqs.sendMessage(r -> r.queueUrl(orders).messageBody(body)));

      AtomicBoolean stop = new AtomicBoolean();
      Thread worker = Thread.ofVirtual().start(() -> failAll(sqs, orders, stop));
      awaitDead(sqs, dead, 20);
      sluice.killAndRestart();
      awaitDead(sqs, dead, MESSAGES);
      stop.set(true);
      worker.join();

      String handle =
          sqs.startMessageMoveTask(r -> r.sourceArn(deadArn).maxNumberOfMessagesPerSecond(50))
              .taskHandle();
      assertTrue(!handle.isEmpty());
      sluice.killAndRestart();
      awaitCompleted(sqs, deadArn);
      Set<String> found = drain(sqs, orders);
      assertTrue(found.size() > MESSAGES / 2, () -> found.size() + " came back");
      found.addAll(drain(sqs, dead));
      assertEquals(sent, found);
    }
  }

  private static String arn(SqsClient sqs, String url) {
    return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .get(QueueAttributeName.QUEUE_ARN);
  }

  /** Receives and lets go at once, while the broker is there and while it is not. */
  private static void failAll(SqsClient sqs, String url, AtomicBoolean stop) {
    while (!stop.get()) {
      try {
        sqs.receiveMessage(
            r -> r.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(0).waitTimeSeconds(1));
      } catch (SdkException e) {
        Thread.onSpinWait();
      }
    }
  }

  private static void awaitDead(SqsClient sqs, String url, int atLeast) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (available(sqs, url) < atLeast) {
      assertTrue(System.nanoTime() < end, () -> available(sqs, url) + " are dead");
      Thread.onSpinWait();
    }
  }

  private static int available(SqsClient sqs, String url) {
    return count(sqs, url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  private static int inFlight(SqsClient sqs, String url) {
    return count(sqs, url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
  }

  private static int count(SqsClient sqs, String url, QueueAttributeName attribute) {
    return Integer.parseInt(
        sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(attribute))
            .attributes()
            .get(attribute));
  }

  private static void awaitCompleted(SqsClient sqs, String deadArn) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (!status(sqs, deadArn).equals("COMPLETED")) {
      assertTrue(System.nanoTime() < end, "the task went on after the restart");
      Thread.onSpinWait();
    }
  }

  private static String status(SqsClient sqs, String deadArn) {
    return sqs.listMessageMoveTasks(r -> r.sourceArn(deadArn)).results().getFirst().status();
  }

  private static Set<String> drain(SqsClient sqs, String url) {
    Set<String> bodies = new HashSet<>();
    while (true) {
      List<Message> messages =
          sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(2))
              .messages();
      for (Message message : messages) {
        bodies.add(message.body());
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
      if (messages.isEmpty() && available(sqs, url) + inFlight(sqs, url) == 0) {
        return bodies;
      }
    }
  }
}
