package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A FIFO topic, FIFO queues and the AWS SDK for Java v2. */
class FifoTopicTest {

  private static final int MESSAGES = 60;

  @TempDir Path folder;

  @Test
  void groups_come_in_order_once_and_again_into_a_late_queue() {
    try (SluiceProcess sluice = SluiceProcess.in(folder);
        SqsClient sqs = sluice.sqs();
        SnsClient sns = sluice.sns()) {
      String topic =
          sns.createTopic(
                  r ->
                      r.name("orders.fifo")
                          .attributes(
                              Map.of(
                                  "FifoTopic",
                                  "true",
                                  "ContentBasedDeduplication",
                                  "true",
                                  "ArchivePolicy",
                                  "{\"MessageRetentionPeriod\":\"30\"}")))
              .topicArn();
      String dispatch = subscribe(sqs, sns, topic, "dispatch.fifo", Map.of());
      Map<String, List<String>> published = publish(sns, topic);

      assertEquals(published, receive(sqs, dispatch));

      String beginning =
          sns.getTopicAttributes(r -> r.topicArn(topic)).attributes().get("BeginningArchiveTime");
      String late =
          subscribe(
              sqs,
              sns,
              topic,
              "late.fifo",
              Map.of(
                  "ReplayPolicy",
                  "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + beginning + "\"}"));
      assertEquals(published, receive(sqs, late));
    }
  }

  /** Everything twice. */
  private static Map<String, List<String>> publish(SnsClient sns, String topic) {
    Map<String, List<String>> published = new TreeMap<>();
    for (int i = 0; i < MESSAGES; i++) {
      String group = "customer-" + i % 7;
      String message = "order-" + i;
      PublishResponse first =
          sns.publish(r -> r.topicArn(topic).messageGroupId(group).message(message));
      PublishResponse again =
          sns.publish(r -> r.topicArn(topic).messageGroupId(group).message(message));
      assertEquals(first.sequenceNumber(), again.sequenceNumber());
      assertEquals(first.messageId(), again.messageId());
      published.computeIfAbsent(group, g -> new ArrayList<>()).add(message);
    }
    return published;
  }

  private static String subscribe(
      SqsClient sqs, SnsClient sns, String topic, String name, Map<String, String> attributes) {
    String url =
        sqs.createQueue(
                r -> r.queueName(name).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
            .queueUrl();
    String arn =
        sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    Map<String, String> all = new TreeMap<>(attributes);
    all.put("RawMessageDelivery", "true");
    sns.subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(arn).attributes(all));
    return url;
  }

  /** All messages by group, in the order of their receives; each is deleted. */
  private static Map<String, List<String>> receive(SqsClient sqs, String url) {
    Map<String, List<String>> received = new TreeMap<>();
    List<Message> messages = some(sqs, url);
    int count = 0;
    while (!messages.isEmpty()) {
      for (Message message : messages) {
        Map<String, String> attributes = message.attributesAsStrings();
        assertTrue(attributes.containsKey("MessageDeduplicationId"));
        assertEquals(20, attributes.get("SequenceNumber").length());
        received
            .computeIfAbsent(attributes.get("MessageGroupId"), g -> new ArrayList<>())
            .add(message.body());
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
        count++;
      }
      messages = some(sqs, url);
    }
    assertEquals(MESSAGES, count);
    return received;
  }

  private static List<Message> some(SqsClient sqs, String url) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(1)
                    .messageSystemAttributeNamesWithStrings("All"))
        .messages();
  }
}
