package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** What the AWS SDK for Java writes to the wire, recorded as it is. Owned by one thread. */
final class AwsRequests implements ExecutionInterceptor {

  private final List<byte[]> recorded = new ArrayList<>();

  private AwsRequests() {}

  /** Does most of what SQS and SNS can, and returns each request as it was sent. */
  static List<byte[]> record(SluiceProcess sluice) {
    AwsRequests requests = new AwsRequests();
    try (SqsClient sqs =
            sluice
                .configured(SqsClient.builder())
                .overrideConfiguration(o -> o.addExecutionInterceptor(requests))
                .build();
        SnsClient sns =
            sluice
                .configured(SnsClient.builder())
                .overrideConfiguration(o -> o.addExecutionInterceptor(requests))
                .build()) {
      String queue = queues(sqs);
      messages(sqs, queue);
      topics(sns, sqs, queue);
    }
    requests.recorded.addAll(written());
    return requests.recorded;
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes("POST / HTTP/1.1\r\nHost: localhost\r\n".getBytes(UTF_8));
    context
        .httpRequest()
        .headers()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                request.writeBytes((name + ": " + values.getFirst() + "\r\n").getBytes(UTF_8));
              }
            });
    byte[] body = context.requestBody().map(AwsRequests::bytes).orElse(new byte[0]);
    request.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
    request.writeBytes(body);
    recorded.add(request.toByteArray());
  }

  private static byte[] bytes(RequestBody body) {
    try (InputStream in = body.contentStreamProvider().newStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String queues(SqsClient sqs) {
    String dead = sqs.createQueue(r -> r.queueName("dead")).queueUrl();
    String arn =
        sqs.getQueueAttributes(r -> r.queueUrl(dead).attributeNames(QueueAttributeName.ALL))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    Map<QueueAttributeName, String> attributes =
        Map.of(
            QueueAttributeName.VISIBILITY_TIMEOUT, "1",
            QueueAttributeName.DELAY_SECONDS, "0",
            QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"3\"}".formatted(arn));
    String queue =
        sqs.createQueue(
                r -> r.queueName("fuzzed").attributes(attributes).tags(Map.of("team", "orders")))
            .queueUrl();
    sqs.setQueueAttributes(
        r ->
            r.queueUrl(queue)
                .attributes(Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "60")));
    sqs.listQueues(r -> r.queueNamePrefix("f").maxResults(10));
    sqs.tagQueue(r -> r.queueUrl(queue).tags(Map.of("key", "value")));
    sqs.listQueueTags(r -> r.queueUrl(queue));
    sqs.untagQueue(r -> r.queueUrl(queue).tagKeys("key"));
    sqs.addPermission(
        r -> r.queueUrl(queue).label("p").awsAccountIds("123456789012").actions("SendMessage"));
    sqs.removePermission(r -> r.queueUrl(queue).label("p"));
    sqs.listDeadLetterSourceQueues(r -> r.queueUrl(dead));
    sqs.startMessageMoveTask(r -> r.sourceArn(arn).maxNumberOfMessagesPerSecond(10));
    sqs.listMessageMoveTasks(r -> r.sourceArn(arn));
    return queue;
  }

  private static void messages(SqsClient sqs, String queue) {
    sqs.sendMessage(
        r ->
            r.queueUrl(queue)
                .messageBody("body \u00e9 \"quoted\"")
                .messageGroupId("group")
                .messageAttributes(
                    Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                            .dataType("Number")
                            .stringValue("1")
                            .build())));
    sqs.sendMessageBatch(
        r ->
            r.queueUrl(queue)
                .entries(
                    SendMessageBatchRequestEntry.builder().id("a").messageBody("first").build(),
                    SendMessageBatchRequestEntry.builder()
                        .id("b")
                        .messageBody("second")
                        .delaySeconds(1)
                        .build()));
    List<Message> messages =
        sqs.receiveMessage(
                r ->
                    r.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(1)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages();
    String handle = messages.getFirst().receiptHandle();
    sqs.changeMessageVisibility(r -> r.queueUrl(queue).receiptHandle(handle).visibilityTimeout(5));
    sqs.changeMessageVisibilityBatch(
        r ->
            r.queueUrl(queue)
                .entries(
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id("a")
                        .receiptHandle(handle)
                        .visibilityTimeout(1)
                        .build()));
    sqs.deleteMessageBatch(
        r ->
            r.queueUrl(queue)
                .entries(
                    DeleteMessageBatchRequestEntry.builder()
                        .id("a")
                        .receiptHandle(handle)
                        .build()));
    sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(handle));
    sqs.purgeQueue(r -> r.queueUrl(queue));
    String fifo =
        sqs.createQueue(
                r ->
                    r.queueName("fuzzed.fifo")
                        .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
            .queueUrl();
    sqs.sendMessage(
        r -> r.queueUrl(fifo).messageBody("m").messageGroupId("g").messageDeduplicationId("d"));
    sqs.receiveMessage(r -> r.queueUrl(fifo).receiveRequestAttemptId("attempt"));
  }

  private static void topics(SnsClient sns, SqsClient sqs, String queue) {
    String arn =
        sqs.getQueueAttributes(r -> r.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String topic =
        sns.createTopic(r -> r.name("fuzzed").attributes(Map.of("DisplayName", "Fuzzed")))
            .topicArn();
    String subscription =
        sns.subscribe(
                r ->
                    r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(arn)
                        .returnSubscriptionArn(true)
                        .attributes(
                            Map.of(
                                "FilterPolicy",
                                "{\"kind\":[{\"numeric\":[\">\",1]},\"a\",{\"prefix\":\"b\"}]}")))
            .subscriptionArn();
    sns.setSubscriptionAttributes(
        r ->
            r.subscriptionArn(subscription)
                .attributeName("FilterPolicy")
                .attributeValue(
                    "{\"$or\":[{\"a\":[{\"exists\":true}]},{\"b\":[{\"wildcard\":\"x*\"}]}]}"));
    sns.getSubscriptionAttributes(r -> r.subscriptionArn(subscription));
    sns.publish(
        r ->
            r.topicArn(topic)
                .subject("subject")
                .messageStructure("json")
                .message("{\"default\":\"d\",\"sqs\":\"s\"}"));
    sns.publishBatch(
        r ->
            r.topicArn(topic)
                .publishBatchRequestEntries(
                    PublishBatchRequestEntry.builder().id("a").message("m").build()));
    sns.listTopics();
    sns.listSubscriptionsByTopic(r -> r.topicArn(topic));
    sns.getTopicAttributes(r -> r.topicArn(topic));
    sns.setTopicAttributes(
        r -> r.topicArn(topic).attributeName("DisplayName").attributeValue("Other"));
    Tag tag = Tag.builder().key("team").value("orders").build();
    sns.tagResource(r -> r.resourceArn(topic).tags(tag));
    sns.listTagsForResource(r -> r.resourceArn(topic));
    sns.unsubscribe(r -> r.subscriptionArn(subscription));
  }

  /** SQS's older protocol, and what is not SQS. */
  private static List<byte[]> written() {
    return List.of(
        query("Action=ListQueues&Version=2012-11-05&QueueNamePrefix=f"),
        query(
            "Action=CreateQueue&Version=2012-11-05&QueueName=fuzzed2&Attribute.1.Name=DelaySeconds"
                + "&Attribute.1.Value=1&Tag.1.Key=a&Tag.1.Value=b"),
        query(
            "Action=SendMessageBatch&QueueUrl=http%3A%2F%2Flocalhost%2F000000000000%2Ffuzzed"
                + "&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=m"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=Binary"
                + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue=AAEC"),
        query(
            "Action=ReceiveMessage&QueueUrl=http%3A%2F%2Flocalhost%2F000000000000%2Ffuzzed"
                + "&MaxNumberOfMessages=10&AttributeName.1=All"),
        "GET /000000000000/fuzzed?Action=GetQueueAttributes&AttributeName.1=All HTTP/1.1\r\nHost: a\r\n\r\n"
            .getBytes(UTF_8),
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
            .getBytes(UTF_8));
  }

  private static byte[] query(String body) {
    return """
    POST / HTTP/1.1
    Host: localhost
    Content-Type: application/x-www-form-urlencoded
    Content-Length: %d

    %s\
    """
        .formatted(body.length(), body)
        .replace("\n", "\r\n")
        .getBytes(UTF_8);
  }
}
