package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A FIFO queue under {@code kill -9}, with the AWS SDK for Java: a sender that repeats what it got
 * no answer to and a worker that deletes what it has done see each message once, in the order of
 * its group.
 */
class FifoCrashTest {

  private static final int GROUPS = 5;
  private static final int MESSAGES = 300;
  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void each_message_is_done_once_in_the_order_of_its_group() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SqsClient sqs = sluice.sqs()) {
      String queue =
          sqs.createQueue(
                  r ->
                      r.queueName("orders.fifo")
                          .attributes(
                              Map.of(
                                  QueueAttributeName.FIFO_QUEUE,
                                  "true",
                                  QueueAttributeName.VISIBILITY_TIMEOUT,
                                  "2")))
              .queueUrl();
      Thread sender = Thread.ofVirtual().start(() -> sendAll(sqs, queue));
      Map<String, List<Integer>> done = new TreeMap<>();
      work(sqs, queue, done, MESSAGES / 4);
      sluice.killAndRestart();
      work(sqs, queue, done, MESSAGES / 2);
      sluice.killAndRestart();
      work(sqs, queue, done, MESSAGES);
      sender.join();

      Map<String, List<Integer>> expected = new TreeMap<>();
      for (int group = 0; group < GROUPS; group++) {
        int first = group;
        expected.put(
            "group-" + group,
            IntStream.range(0, MESSAGES / GROUPS).map(i -> first + i * GROUPS).boxed().toList());
      }
      assertEquals(expected, done);
    }
  }

  /** Sends each message until there is an answer, and sometimes once more. */
  private static void sendAll(SqsClient sqs, String queue) {
    for (int i = 0; i < MESSAGES; i++) {
      send(sqs, queue, i);
      if (i % 7 == 0) {
        send(sqs, queue, i);
      }
    }
  }

  private static void send(SqsClient sqs, String queue, int number) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() < end) {
      try {
        sqs.sendMessage(
            r ->
                r.queueUrl(queue)
                    .messageBody(Integer.toString(number))
                    .messageGroupId("group-" + number % GROUPS)
                    .messageDeduplicationId("id-" + number));
        return;
      } catch (SdkException e) {
        Thread.onSpinWait();
      }
    }
  }

  /** Receives and deletes until so many messages are done; what was not deleted comes again. */
  private static void work(
      SqsClient sqs, String queue, Map<String, List<Integer>> done, int atLeast) {
    long end = System.nanoTime() + BOUND.toNanos();
    while (done.values().stream().mapToInt(List::size).sum() < atLeast) {
      assertTrue(System.nanoTime() < end, () -> "done so far: " + done);
      List<Message> messages =
          sqs.receiveMessage(
                  r ->
                      r.queueUrl(queue)
                          .maxNumberOfMessages(3)
                          .waitTimeSeconds(1)
                          .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
              .messages();
      for (Message message : messages) {
        sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(message.receiptHandle()));
        done.computeIfAbsent(
                message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID),
                group -> new ArrayList<>())
            .add(Integer.parseInt(message.body()));
      }
    }
  }
}
