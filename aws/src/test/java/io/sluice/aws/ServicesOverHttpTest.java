package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.sns.SnsService;
import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.Refused;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/**
 * The services through unmodified SDK clients. The SQS client checks every digest itself and throws
 * when one is not Amazon's.
 */
class ServicesOverHttpTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private AwsListener listener;
  private SqsClient sqs;
  private SnsClient sns;

  @BeforeEach
  void open() {
    listener =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(
                AwsService.of(SqsClient.class, new SqsService(services.broker())),
                AwsService.of(SnsClient.class, new SnsService(services.broker()))));
    sqs =
        SdkClients.configured(SqsClient.builder(), listener.endpoint())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build();
    sns = SdkClients.sns(listener.endpoint());
  }

  @AfterEach
  void close() {
    sqs.close();
    sns.close();
    listener.close();
  }

  @Test
  void the_shop_publishes_once_and_every_team_gets_every_order() {
    String topic = sns.createTopic(r -> r.name("orders")).topicArn();
    assertEquals("arn:aws:sns:" + SdkClients.REGION + ":000000000000:orders", topic);
    for (String name : List.of("dispatch", "audit")) {
      String url = sqs.createQueue(r -> r.queueName(name)).queueUrl();
      assertEquals(listener.endpoint() + "/000000000000/" + name, url);
      String arn =
          sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
              .attributes()
              .get(QueueAttributeName.QUEUE_ARN);
      sqs.setQueueAttributes(
          r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, onlyFrom(topic, arn))));
      sns.subscribe(
          r ->
              r.topicArn(topic)
                  .protocol("sqs")
                  .endpoint(arn)
                  .attributes(Map.of("RawMessageDelivery", "true")));
    }

    for (int i = 0; i < 10; i++) {
      String order = "order " + i;
      sns.publish(r -> r.topicArn(topic).message(order).messageGroupId("customer"));
    }

    List<String> orders = IntStream.range(0, 10).mapToObj(i -> "order " + i).toList();
    assertEquals(orders, work("dispatch"));
    assertEquals(orders, work("audit"));
    assertEquals(List.of(), work("audit"), "what is deleted is gone");
  }

  @Test
  void the_client_agrees_with_every_digest() {
    String queue = sqs.createQueue(r -> r.queueName("orders")).queueUrl();
    Map<String, MessageAttributeValue> attributes =
        Map.of(
            "text", value("String").stringValue("hällo €").build(),
            "custom", value("String.colour").stringValue("red").build(),
            "number", value("Number.float").stringValue("1.50").build(),
            "bytes",
                value("Binary").binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1})).build(),
            "picture", value("Binary.gif").binaryValue(SdkBytes.fromUtf8String("GIF")).build());

    sqs.sendMessage(r -> r.queueUrl(queue).messageBody("ä\n<&>").messageAttributes(attributes));
    SendMessageBatchResponse sent =
        sqs.sendMessageBatch(
            r ->
                r.queueUrl(queue)
                    .entries(
                        entry("1").messageBody("b").messageAttributes(attributes).build(),
                        entry("2").messageBody("c").build()));
    List<Message> messages =
        sqs.receiveMessage(
                r ->
                    r.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(5)
                        .messageAttributeNames("All"))
            .messages();

    assertEquals(2, sent.successful().size());
    assertEquals(List.of("ä\n<&>", "b", "c"), messages.stream().map(Message::body).toList());
    assertEquals(attributes, messages.get(0).messageAttributes());
    assertEquals(attributes, messages.get(1).messageAttributes());
    assertTrue(messages.get(2).messageAttributes().isEmpty());
  }

  @Test
  void sqs_s_errors_are_amazon_s() {
    String queue = sqs.createQueue(r -> r.queueName("orders")).queueUrl();

    Refused.with(
        QueueDoesNotExistException.class,
        "AWS.SimpleQueueService.NonExistentQueue",
        400,
        "The specified queue does not exist.",
        () -> sqs.getQueueUrl(r -> r.queueName("nothing")));
    Refused.with(
        QueueNameExistsException.class,
        "QueueAlreadyExists",
        400,
        "A queue already exists with the same name and a different value for attribute"
            + " DelaySeconds",
        () ->
            sqs.createQueue(
                r ->
                    r.queueName("orders")
                        .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "1"))));
    Refused.with(
        ReceiptHandleIsInvalidException.class,
        "ReceiptHandleIsInvalid",
        404,
        "The input receipt handle \"forged\" is not a valid receipt handle.",
        () -> sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle("forged")));
    Refused.with(
        SqsException.class,
        "InvalidParameterValue",
        400,
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10,"
            + " if provided.",
        () -> sqs.receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(11)));
    Refused.with(
        SqsException.class,
        "MissingParameter",
        400,
        "The request must contain the parameter MessageBody.",
        () -> sqs.sendMessage(r -> r.queueUrl(queue)));
    Refused.with(
        InvalidMessageContentsException.class,
        "InvalidMessageContents",
        400,
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF |"
            + " #xE000 to #xFFFD | #x10000 to #x10FFFF",
        () -> sqs.sendMessage(r -> r.queueUrl(queue).messageBody("\u0000")));
    Refused.with(
        EmptyBatchRequestException.class,
        "AWS.SimpleQueueService.EmptyBatchRequest",
        400,
        "There should be at least one DeleteMessageBatchRequestEntry in the request.",
        () -> sqs.deleteMessageBatch(r -> r.queueUrl(queue).entries(List.of())));
    Refused.with(
        TooManyEntriesInBatchRequestException.class,
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        400,
        "Maximum number of entries per request are 10. You have sent 11.",
        () ->
            sqs.sendMessageBatch(
                r ->
                    r.queueUrl(queue)
                        .entries(
                            IntStream.range(0, 11)
                                .mapToObj(i -> entry("id" + i).messageBody("x").build())
                                .toList())));
    sqs.purgeQueue(r -> r.queueUrl(queue));
    Refused.with(
        PurgeQueueInProgressException.class,
        "AWS.SimpleQueueService.PurgeQueueInProgress",
        403,
        "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
        () -> sqs.purgeQueue(r -> r.queueUrl(queue)));
  }

  @Test
  void a_message_that_is_gone_is_said_to_be_so() {
    String queue = sqs.createQueue(r -> r.queueName("orders")).queueUrl();
    sqs.sendMessage(r -> r.queueUrl(queue).messageBody("x"));
    String handle =
        sqs.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(5))
            .messages()
            .getFirst()
            .receiptHandle();
    sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(handle));

    Refused.with(
        "InvalidParameterValue",
        "Value "
            + handle
            + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not"
            + " available for visibility timeout change.",
        () ->
            sqs.changeMessageVisibility(
                r -> r.queueUrl(queue).receiptHandle(handle).visibilityTimeout(1)));
  }

  @Test
  void sns_s_errors_are_amazon_s() {
    String topic = sns.createTopic(r -> r.name("orders")).topicArn();

    Refused.with(
        NotFoundException.class,
        "NotFound",
        404,
        "Topic does not exist",
        () -> sns.publish(r -> r.topicArn(topic + "-not").message("x")));
    Refused.with(
        InvalidParameterException.class,
        "InvalidParameter",
        400,
        "Invalid parameter: Topic Name",
        () -> sns.createTopic(r -> r.name("a b")));
    Refused.with(
        InvalidParameterValueException.class,
        "ParameterValueInvalid",
        400,
        "The message attribute 'a' with type 'Binary' must use field 'Binary'.",
        () ->
            sns.publish(
                r ->
                    r.topicArn(topic)
                        .message("x")
                        .messageAttributes(
                            Map.of(
                                "a",
                                software.amazon.awssdk.services.sns.model.MessageAttributeValue
                                    .builder()
                                    .dataType("Binary")
                                    .stringValue("v")
                                    .build()))));
    Refused.with(
        software.amazon.awssdk.services.sns.model.EmptyBatchRequestException.class,
        "EmptyBatchRequest",
        400,
        "The batch request doesn't contain any entries.",
        () -> sns.publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(List.of())));
  }

  @Test
  void a_batch_of_publications_crosses_the_wire() {
    String topic = sns.createTopic(r -> r.name("orders")).topicArn();

    assertEquals(
        2,
        sns.publishBatch(
                r ->
                    r.topicArn(topic)
                        .publishBatchRequestEntries(
                            PublishBatchRequestEntry.builder().id("1").message("a").build(),
                            PublishBatchRequestEntry.builder().id("2").message("b").build()))
            .successful()
            .size());
  }

  @Test
  void the_unsubscribe_url_of_a_notification_works() throws IOException {
    String topic = sns.createTopic(r -> r.name("orders")).topicArn();
    String queue = sqs.createQueue(r -> r.queueName("dispatch")).queueUrl();
    String subscription =
        sns.subscribe(
                r ->
                    r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint("arn:aws:sqs:eu-west-1:000000000000:dispatch"))
            .subscriptionArn();
    sns.publish(r -> r.topicArn(topic).message("x"));
    String body =
        sqs.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(5)).messages().getFirst().body();
    String path = "/?Action=Unsubscribe&SubscriptionArn=" + subscription;
    assertTrue(body.contains("\"UnsubscribeURL\" : \"" + listener.endpoint() + path + "\""), body);

    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.get(path));

    assertEquals(200, response.status(), response.body());
    assertEquals(0, sns.listSubscriptions().subscriptions().size());
  }

  @Test
  void the_query_protocol_serves_the_same_queue() throws IOException {
    String queue = sqs.createQueue(r -> r.queueName("orders")).queueUrl();

    RawHttp.Response sent =
        RawHttp.exchange(
            listener,
            RawHttp.form(
                "/000000000000/orders",
                "Action=SendMessage&Version=2012-11-05&MessageBody="
                    + URLEncoder.encode("<hällo>", UTF_8)
                    + "&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Binary"
                    + "&MessageAttribute.1.Value.BinaryValue=AAE%3D"));
    Message message =
        sqs.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(5).messageAttributeNames("All"))
            .messages()
            .getFirst();

    assertEquals(200, sent.status(), sent.body());
    assertTrue(sent.body().contains("<MessageId>" + message.messageId() + "</MessageId>"));
    assertTrue(sent.body().contains(message.md5OfMessageAttributes()));
    assertEquals("<hällo>", message.body());
  }

  @Test
  void a_null_where_none_belongs_is_the_sender_s_fault() throws IOException {
    sqs.createQueue(r -> r.queueName("orders"));
    for (String[] call :
        new String[][] {
          {"SetQueueAttributes", "{'QueueUrl':'orders','Attributes':{'DelaySeconds':null}}"},
          {"CreateQueue", "{'QueueName':'q','Attributes':{'DelaySeconds':null}}"},
          {"CreateQueue", "{'QueueName':'q','tags':{'k':null}}"},
          {"SendMessage", "{'QueueUrl':'orders','MessageBody':'x','MessageAttributes':{'a':null}}"},
          {
            "SendMessage",
            "{'QueueUrl':'orders','MessageBody':'x','MessageSystemAttributes':"
                + "{'AWSTraceHeader':null}}"
          },
          {"SendMessageBatch", "{'QueueUrl':'orders','Entries':[null]}"},
          {"DeleteMessageBatch", "{'QueueUrl':'orders','Entries':[null]}"},
          {"ReceiveMessage", "{'QueueUrl':'orders','MessageAttributeNames':[null]}"},
          {"ReceiveMessage", "{'QueueUrl':'orders','AttributeNames':[null]}"},
          {"GetQueueAttributes", "{'QueueUrl':'orders','AttributeNames':[null]}"}
        }) {
      RawHttp.Response response =
          RawHttp.exchange(
              listener, RawHttp.json("AmazonSQS." + call[0], call[1].replace('\'', '"')));

      assertTrue(response.status() < 500, call[0] + " " + call[1] + ": " + response);
    }
  }

  private List<String> work(String queueName) {
    String queue = sqs.getQueueUrl(r -> r.queueName(queueName)).queueUrl();
    List<Message> messages =
        sqs.receiveMessage(r -> r.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
            .messages();
    if (!messages.isEmpty()) {
      sqs.deleteMessageBatch(
          r ->
              r.queueUrl(queue)
                  .entries(
                      messages.stream()
                          .map(
                              message ->
                                  DeleteMessageBatchRequestEntry.builder()
                                      .id(message.messageId())
                                      .receiptHandle(message.receiptHandle())
                                      .build())
                          .toList()));
    }
    return messages.stream().map(Message::body).toList();
  }

  private static String onlyFrom(String topic, String queue) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
     "Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",
     "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}\
    """
        .formatted(queue, topic);
  }

  private static SendMessageBatchRequestEntry.Builder entry(String id) {
    return SendMessageBatchRequestEntry.builder().id(id);
  }

  private static MessageAttributeValue.Builder value(String type) {
    return MessageAttributeValue.builder().dataType(type);
  }
}
