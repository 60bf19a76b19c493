package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sts.StsClient;

/** The AWS SDK for Java v2, sync and async. */
class AwsClientTest {

  @TempDir static Path folder;
  private static SluiceProcess sluice;
  private static SqsClient sqs;
  private static SnsClient sns;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
    sqs = sluice.sqs();
    sns = sluice.sns();
  }

  @AfterAll
  static void stop() {
    sqs.close();
    sns.close();
    sluice.close();
  }

  @Test
  void a_message_with_attributes_of_every_type_comes_back_as_it_was_sent() {
    String url = queue("typed");
    Map<String, MessageAttributeValue> attributes =
        Map.of(
            "text", MessageAttributeValue.builder().dataType("String").stringValue("ü&<").build(),
            "number", MessageAttributeValue.builder().dataType("Number").stringValue("7.5").build(),
            "price",
                MessageAttributeValue.builder().dataType("Number.euro").stringValue("1").build(),
            "bytes",
                MessageAttributeValue.builder()
                    .dataType("Binary")
                    .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 7}))
                    .build());

    // The SDK itself compares the MD5s of body and attributes, both ways.
    sqs.sendMessage(
        request -> request.queueUrl(url).messageBody("body ☃ \"q\"").messageAttributes(attributes));
    Message received =
        sqs.receiveMessage(
                request -> request.queueUrl(url).messageAttributeNames("All").waitTimeSeconds(5))
            .messages()
            .getFirst();

    assertEquals("body ☃ \"q\"", received.body());
    assertEquals(attributes, received.messageAttributes());
  }

  @Test
  void a_message_that_is_not_deleted_comes_back_and_a_deleted_one_does_not() {
    String url = queue("returning");
    sqs.sendMessage(request -> request.queueUrl(url).messageBody("again"));
    Message first = receiveOne(url, 1);
    Message second = receiveOne(url, 60);
    assertEquals(first.messageId(), second.messageId());
    assertEquals("2", second.attributesAsStrings().get("ApproximateReceiveCount"));

    sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));

    assertEquals("0", count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    assertEquals("0", count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  @Test
  void a_late_queue_replays_a_standard_topic() throws InterruptedException {
    String topicArn = sns.createTopic(request -> request.name("replayed")).topicArn();
    for (int i = 0; i < 20; i++) {
      String order = "order-" + i;
      sns.publish(request -> request.topicArn(topicArn).message(order));
    }
    String url = queue("late");
    String queueArn = count(url, QueueAttributeName.QUEUE_ARN);

    sns.subscribe(
        request ->
            request
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queueArn)
                .attributes(
                    Map.of(
                        "RawMessageDelivery",
                        "true",
                        "ReplayPolicy",
                        "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"2020-01-01T00:00:00Z\"}")));

    assertEquals(20, receiveAll(url, 20).size());
  }

  @Test
  void an_enveloped_message_carries_topic_subject_and_message() {
    String topicArn = sns.createTopic(request -> request.name("enveloped")).topicArn();
    String url = queue("envelopes");
    String queueArn = count(url, QueueAttributeName.QUEUE_ARN);
    sns.subscribe(r -> r.topicArn(topicArn).protocol("sqs").endpoint(queueArn));

    sns.publish(r -> r.topicArn(topicArn).subject("news").message("say \"hi\""));
    String body = receiveAll(url, 1).iterator().next();

    assertTrue(body.contains("\"Type\" : \"Notification\""), body);
    assertTrue(body.contains("\"TopicArn\" : \"" + topicArn + "\""), body);
    assertTrue(body.contains("\"Subject\" : \"news\""), body);
    assertTrue(body.contains("\"Message\" : \"say \\\"hi\\\"\""), body);
  }

  @Test
  void the_async_client_sends_many_at_once() {
    String url = queue("async");
    try (SqsAsyncClient async = sluice.configured(SqsAsyncClient.builder()).build()) {
      List<CompletableFuture<SendMessageResponse>> sent = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String body = "async-" + i;
        sent.add(async.sendMessage(request -> request.queueUrl(url).messageBody(body)));
      }
      sent.forEach(CompletableFuture::join);
    }
    assertEquals(50, receiveAll(url, 50).size());
  }

  @Test
  void errors_are_the_exceptions_that_amazon_throws() {
    String url = queue("strict");
    assertThrows(
        QueueDoesNotExistException.class, () -> sqs.getQueueUrl(r -> r.queueName("no-such")));
    assertThrows(
        QueueNameExistsException.class,
        () ->
            sqs.createQueue(
                r ->
                    r.queueName("strict")
                        .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "77"))));
    assertThrows(
        ReceiptHandleIsInvalidException.class,
        () -> sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle("forged")));
    var partial =
        sqs.sendMessageBatch(
            r ->
                r.queueUrl(url)
                    .entries(
                        SendMessageBatchRequestEntry.builder().id("good").messageBody("x").build(),
                        SendMessageBatchRequestEntry.builder()
                            .id("bad")
                            .messageBody("\u0001")
                            .build()));
    assertEquals(1, partial.successful().size());
    assertEquals("InvalidMessageContents", partial.failed().getFirst().code());
  }

  @Test
  void sts_knows_the_account() {
    try (StsClient sts = sluice.configured(StsClient.builder()).build()) {
      assertEquals("000000000000", sts.getCallerIdentity().account());
    }
  }

  private static String queue(String name) {
    return sqs.createQueue(request -> request.queueName(name)).queueUrl();
  }

  private static String count(String url, QueueAttributeName attribute) {
    return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(attribute))
        .attributes()
        .getOrDefault(attribute, "none");
  }

  private static Message receiveOne(String url, int visibilityTimeoutSeconds) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .waitTimeSeconds(10)
                    .visibilityTimeout(visibilityTimeoutSeconds)
                    .messageSystemAttributeNamesWithStrings("All"))
        .messages()
        .getFirst();
  }

  private static Set<String> receiveAll(String url, int expected) {
    Set<String> bodies = new HashSet<>();
    while (bodies.size() < expected) {
      List<Message> messages =
          sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(10))
              .messages();
      assertTrue(!messages.isEmpty(), bodies.size() + " of " + expected + " received");
      for (Message message : messages) {
        bodies.add(message.body());
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
    }
    return bodies;
  }
}
