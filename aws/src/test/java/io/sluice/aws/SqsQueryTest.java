package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueResponse;

/**
 * SQS over the Query protocol, after the sample requests and responses of the Amazon SQS API
 * Reference, version 2012-11-05.
 */
class SqsQueryTest {

  private static final String VERSION = "&Version=2012-11-05";

  private volatile SdkPojo answer = SetQueueAttributesResponse.builder().build();
  private final FakeService service = new FakeService(request -> answer);
  private final AwsListener listener =
      AwsListener.start(
          AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0), List.of(service.as(SqsClient.class)));

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void send_message_by_post_to_the_queue_url() throws IOException {
    answer =
        SendMessageResponse.builder()
            .md5OfMessageBody("fafb00f5732ab283681e124bf8747ed1")
            .md5OfMessageAttributes("3ae8f24a165a8cedc005670c81a27295")
            .messageId("5fea7756-0ea4-451a-a703-a558b933e274")
            .build();

    RawHttp.Response response =
        post(
            "/177715257436/MyQueue/",
            "Action=SendMessage&MessageBody=This+is+a+test+message"
                + "&MessageAttribute.1.Name=my_attribute_name_1"
                + "&MessageAttribute.1.Value.StringValue=my_attribute_value_1"
                + "&MessageAttribute.1.Value.DataType=String"
                + "&MessageAttribute.2.Name=my_attribute_name_2"
                + "&MessageAttribute.2.Value.BinaryValue=AP%2B%2F"
                + "&MessageAttribute.2.Value.DataType=Binary"
                + "&MessageSystemAttribute.1.Name=AWSTraceHeader"
                + "&MessageSystemAttribute.1.Value.StringValue=Root%3D1"
                + "&MessageSystemAttribute.1.Value.DataType=String"
                + "&DelaySeconds=45&Expires=2020-12-20T22%3A52%3A43PST"
                + VERSION);

    SendMessageRequest request = (SendMessageRequest) service.request();
    assertEquals("http://sqs.test:4566/177715257436/MyQueue", request.queueUrl());
    assertEquals("This is a test message", request.messageBody());
    assertEquals(45, request.delaySeconds());
    assertEquals(
        Map.of(
            "my_attribute_name_1",
            MessageAttributeValue.builder()
                .dataType("String")
                .stringValue("my_attribute_value_1")
                .build(),
            "my_attribute_name_2",
            MessageAttributeValue.builder()
                .dataType("Binary")
                .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, -65}))
                .build()),
        request.messageAttributes());
    assertEquals(1, request.messageSystemAttributesAsStrings().size());
    assertXml(
        """
        <SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">\
        <SendMessageResult>\
        <MD5OfMessageBody>fafb00f5732ab283681e124bf8747ed1</MD5OfMessageBody>\
        <MD5OfMessageAttributes>3ae8f24a165a8cedc005670c81a27295</MD5OfMessageAttributes>\
        <MessageId>5fea7756-0ea4-451a-a703-a558b933e274</MessageId>\
        </SendMessageResult>\
        <ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>\
        </SendMessageResponse>\
        """,
        response);
    assertEquals("text/xml", response.headers().get("content-type"));
  }

  @Test
  void send_message_batch() throws IOException {
    answer =
        SendMessageBatchResponse.builder()
            .successful(
                SendMessageBatchResultEntry.builder()
                    .id("test_msg_001")
                    .messageId("0a5231c7")
                    .md5OfMessageBody("0e02")
                    .build())
            .failed(
                BatchResultErrorEntry.builder()
                    .id("test_msg_002")
                    .senderFault(true)
                    .code("Bad")
                    .message("no")
                    .build())
            .build();

    RawHttp.Response response =
        post(
            "/",
            "Action=SendMessageBatch&QueueUrl=http%3A%2F%2Flocalhost%3A4566%2F000000000000%2Fq"
                + "&SendMessageBatchRequestEntry.1.Id=test_msg_001"
                + "&SendMessageBatchRequestEntry.1.MessageBody=test%20message%20body%201"
                + "&SendMessageBatchRequestEntry.10.Id=test_msg_010"
                + "&SendMessageBatchRequestEntry.10.MessageBody=ten"
                + "&SendMessageBatchRequestEntry.2.Id=test_msg_002"
                + "&SendMessageBatchRequestEntry.2.MessageBody=test%20message%20body%202"
                + "&SendMessageBatchRequestEntry.2.DelaySeconds=60"
                + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=test_attribute_name_1"
                + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=v"
                + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=String"
                + VERSION);

    SendMessageBatchRequest request = (SendMessageBatchRequest) service.request();
    assertEquals("http://localhost:4566/000000000000/q", request.queueUrl());
    assertEquals(
        List.of("test_msg_001", "test_msg_002", "test_msg_010"),
        request.entries().stream().map(entry -> entry.id()).toList());
    assertEquals(
        "v",
        request.entries().get(1).messageAttributes().get("test_attribute_name_1").stringValue());
    assertXml(
        """
        <SendMessageBatchResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">\
        <SendMessageBatchResult>\
        <SendMessageBatchResultEntry><Id>test_msg_001</Id><MessageId>0a5231c7</MessageId>\
        <MD5OfMessageBody>0e02</MD5OfMessageBody></SendMessageBatchResultEntry>\
        <BatchResultErrorEntry><Id>test_msg_002</Id><SenderFault>true</SenderFault><Code>Bad</Code>\
        <Message>no</Message></BatchResultErrorEntry>\
        </SendMessageBatchResult>\
        <ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>\
        </SendMessageBatchResponse>\
        """,
        response);
  }

  @Test
  @SuppressWarnings("deprecation") // AttributeName is what the older protocol has
  void receive_message_by_get() throws IOException {
    answer =
        ReceiveMessageResponse.builder()
            .messages(
                Message.builder()
                    .messageId("5fea7756")
                    .receiptHandle("MbZj6wDW==")
                    .md5OfBody("fafb00f5")
                    .body("a < b & \"c\"\r\n")
                    .attributes(Map.of(MessageSystemAttributeName.SENDER_ID, "195004372649"))
                    .messageAttributes(
                        Map.of(
                            "kind",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("x")
                                .build()))
                    .build())
            .build();

    RawHttp.Response response =
        RawHttp.exchange(
            listener,
            RawHttp.get(
                "/177715257436/MyQueue/?Action=ReceiveMessage&MaxNumberOfMessages=5"
                    + "&VisibilityTimeout=15&AttributeName=All&MessageAttributeName.1=kind"
                    + "&MessageAttributeName.2=other"
                    + VERSION));

    ReceiveMessageRequest request = (ReceiveMessageRequest) service.request();
    assertEquals(5, request.maxNumberOfMessages());
    assertEquals(15, request.visibilityTimeout());
    assertEquals(List.of("All"), request.attributeNamesAsStrings());
    assertEquals(List.of("kind", "other"), request.messageAttributeNames());
    assertXml(
        """
        <ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">\
        <ReceiveMessageResult><Message><MessageId>5fea7756</MessageId>\
        <ReceiptHandle>MbZj6wDW==</ReceiptHandle><MD5OfBody>fafb00f5</MD5OfBody>\
        <Body>a &lt; b &amp; &quot;c&quot;&#xD;
        </Body>\
        <Attribute><Name>SenderId</Name><Value>195004372649</Value></Attribute>\
        <MessageAttribute><Name>kind</Name><Value><StringValue>x</StringValue>\
        <DataType>String</DataType></Value></MessageAttribute>\
        </Message></ReceiveMessageResult>\
        <ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>\
        </ReceiveMessageResponse>\
        """,
        response);
  }

  @Test
  void a_receive_without_messages_has_an_empty_result() throws IOException {
    answer = ReceiveMessageResponse.builder().build();

    RawHttp.Response response = post("/177715257436/MyQueue", "Action=ReceiveMessage");

    assertTrue(
        response.body().contains("<ReceiveMessageResult></ReceiveMessageResult>"), response.body());
  }

  @Test
  void create_queue_with_attributes_and_tags() throws IOException {
    answer = CreateQueueResponse.builder().queueUrl("http://x/000000000000/q").build();

    post(
        "/",
        "Action=CreateQueue&QueueName=MyQueue&Attribute.1.Name=VisibilityTimeout"
            + "&Attribute.1.Value=40&Attribute.2.Name=DelaySeconds&Attribute.2.Value=0"
            + "&Tag.1.Key=QueueType&Tag.1.Value=Production"
            + VERSION);

    CreateQueueRequest request = (CreateQueueRequest) service.request();
    assertEquals("MyQueue", request.queueName());
    assertEquals(
        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "40", QueueAttributeName.DELAY_SECONDS, "0"),
        request.attributes());
    assertEquals(Map.of("QueueType", "Production"), request.tags());
  }

  @Test
  void queue_attributes_and_lists_are_flattened() throws IOException {
    answer =
        GetQueueAttributesResponse.builder()
            .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "0"))
            .build();
    assertTrue(
        post("/000000000000/q", "Action=GetQueueAttributes&AttributeName.1=All")
            .body()
            .contains("<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>"));

    answer = ListQueuesResponse.builder().queueUrls("http://x/1", "http://x/2").build();
    assertTrue(
        post("/", "Action=ListQueues")
            .body()
            .contains("<QueueUrl>http://x/1</QueueUrl><QueueUrl>http://x/2</QueueUrl>"));
  }

  @Test
  void batches_and_lists_of_the_other_operations() throws IOException {
    answer = ChangeMessageVisibilityBatchResponse.builder().build();
    post(
        "/000000000000/q",
        "Action=ChangeMessageVisibilityBatch"
            + "&ChangeMessageVisibilityBatchRequestEntry.1.Id=a"
            + "&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=r%2B"
            + "&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=45");
    ChangeMessageVisibilityBatchRequest batch =
        (ChangeMessageVisibilityBatchRequest) service.request();
    assertEquals("r+", batch.entries().getFirst().receiptHandle());
    assertEquals(45, batch.entries().getFirst().visibilityTimeout());

    answer = UntagQueueResponse.builder().build();
    post("/000000000000/q", "Action=UntagQueue&TagKey.1=QueueType&TagKey.2=Owner");
    assertEquals(List.of("QueueType", "Owner"), ((UntagQueueRequest) service.request()).tagKeys());
  }

  @Test
  void an_operation_without_a_result_answers_metadata_alone() throws IOException {
    answer = SetQueueAttributesResponse.builder().build();

    assertXml(
        """
        <SetQueueAttributesResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">\
        <ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>\
        </SetQueueAttributesResponse>\
        """,
        post(
            "/000000000000/q",
            "Action=SetQueueAttributes&Attribute.1.Name=DelaySeconds&Attribute.1.Value=1"));
  }

  @Test
  void errors_are_xml() throws IOException {
    AwsListener failing =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(
                new FakeService(
                        request -> {
                          throw QueueDoesNotExistException.builder()
                              .message("no <such> queue")
                              .build();
                        })
                    .as(SqsClient.class)));
    try (failing) {
      RawHttp.Response response =
          RawHttp.exchange(failing, RawHttp.form("/000000000000/q", "Action=PurgeQueue"));

      assertEquals(400, response.status());
      assertXml(
          """
          <ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error>\
          <Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>\
          <Message>no &lt;such&gt; queue</Message><Detail/></Error>\
          <RequestId>ID</RequestId></ErrorResponse>\
          """,
          response);
    }
  }

  private RawHttp.Response post(String path, String form) throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.form(path, form));
    assertEquals(200, response.status(), response.body());
    return response;
  }

  private static void assertXml(String expected, RawHttp.Response response) {
    String id = response.headers().get("x-amzn-requestid");
    assertEquals("<?xml version=\"1.0\"?>" + expected, response.body().replace(id, "ID"));
  }
}
