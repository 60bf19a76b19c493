package io.sluice.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** Requests that make no sense: a clear error in Amazon's words, and the listener goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

  private static final String SEND = "AmazonSQS.SendMessage";

  private final FakeService service =
      new FakeService(request -> SendMessageResponse.builder().messageId("ok").build());
  private final AwsListener listener =
      AwsListener.start(
          AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
          List.of(service.as(SqsClient.class), service.as(SnsClient.class)));

  @AfterAll
  void close() {
    listener.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"QueueUrl\":\"u\",\"MessageBody\":\"b",
        "{\"QueueUrl\":\"u\",",
        "{\"QueueUrl\"",
        "{",
        "}",
        "[]",
        "null",
        "\"text\"",
        "17",
        "garbage",
        "{} {}",
        "{\"QueueUrl\":\"u\"} trailing",
        "{'QueueUrl':'u'}",
        "{\"QueueUrl\":\"\u0001\"}",
        "\uFEFF{",
        "{\"MessageAttributes\":[]}",
        "{\"MessageAttributes\":{\"a\":7}}",
        "{\"MessageAttributes\":{\"a\":{\"BinaryValue\":\"?\"}}}",
        "{\"MessageAttributes\":{\"a\":{\"StringListValues\":{}}}}",
        "{\"QueueUrl\":7}",
        "{\"QueueUrl\":true}",
        "{\"QueueUrl\":{}}",
        "{\"QueueUrl\":[\"u\"]}",
        "{\"DelaySeconds\":\"5\"}",
        "{\"DelaySeconds\":99999999999}",
        "{\"DelaySeconds\":1e99}",
        "{\"DelaySeconds\":999999999999999999999999999999}"
      })
  void json_that_does_not_fit_is_a_serialization_exception(String body) throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.json(SEND, body));

    assertEquals(400, response.status());
    assertTrue(
        response.body().contains("\"__type\":\"com.amazon.coral.service#SerializationException\""),
        response.body());
    assertStillServing();
  }

  @Test
  void json_nested_too_deeply_is_refused() throws IOException {
    String deep = "{\"Unknown\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.json(SEND, deep));
    assertEquals(400, response.status());
    assertTrue(response.body().contains("SerializationException"), response.body());
  }

  @Test
  void json_members_that_are_unknown_or_null_are_ignored() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(
            listener,
            RawHttp.json(
                SEND,
                "{\"Unknown\":{\"a\":[1,{}]},\"DelaySeconds\":null,\"QueueUrl\":\"u\","
                    + "\"MessageBody\":\"\\ud83d\\ude00\"}"));
    assertEquals(200, response.status(), response.body());
    assertEquals("\uD83D\uDE00", ((SendMessageRequest) service.request()).messageBody());
  }

  @Test
  void bytes_that_are_no_utf8_are_refused_in_both_protocols() throws IOException {
    byte[] json =
        RawHttp.json(SEND, "{\"QueueUrl\":\"u\",\"MessageBody\":\"x?\"}").getBytes(ISO_8859_1);
    json[json.length - 3] = (byte) 0xFF;
    try (RawHttp http = new RawHttp(listener)) {
      assertEquals(400, http.send(json).response().status());
    }
    RawHttp.Response response =
        RawHttp.exchange(
            listener, RawHttp.form("/000000000000/q", "Action=SendMessage&MessageBody=%C3%28"));
    assertEquals(400, response.status());
    assertTrue(response.body().contains("<Code>MalformedQueryString</Code>"), response.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AmazonSQS.FooBar", "AmazonSQS.", "AmazonSQS", ".", "", "DynamoDB_20120810.Query"})
  void an_unknown_target_is_an_unknown_operation(String target) throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.json(target, "{}"));

    assertEquals(400, response.status());
    assertTrue(
        response
            .body()
            .contains("\"__type\":\"com.amazon.coral.service#UnknownOperationException\""),
        response.body());
  }

  @Test
  void an_unknown_action_is_invalid() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.get("/000000000000/q?Action=FooBar"));
    assertEquals(400, response.status());
    assertTrue(
        response
            .body()
            .contains(
                "<Code>InvalidAction</Code>"
                    + "<Message>The action FooBar is not valid for this endpoint.</Message>"),
        response.body());
  }

  @Test
  void an_action_that_needs_no_queue_is_invalid_at_a_queue() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(
            listener, RawHttp.get("/000000000000/q?Action=CreateQueue&QueueName=other"));
    assertTrue(
        response.body().contains("The action CreateQueue is not valid for this endpoint"),
        response.body());
  }

  @Test
  void an_action_of_two_services_needs_a_version_or_a_signature() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.form("/", "Action=AddPermission"));
    assertEquals(400, response.status());
    assertTrue(response.body().contains("<Code>InvalidAction</Code>"), response.body());

    response =
        RawHttp.exchange(listener, RawHttp.form("/", "Action=AddPermission&Version=2010-03-31"));
    assertTrue(response.body().contains("http://sns.amazonaws.com/doc/"), response.body());
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', QueueUrl",
    "'{\"QueueUrl\":\"u\"}', MessageBody",
    "'{\"QueueUrl\":\"u\",\"MessageBody\":\"\"}', MessageBody",
    "'{\"QueueUrl\":null,\"MessageBody\":\"b\"}', QueueUrl",
    "'', QueueUrl"
  })
  void a_missing_member_is_named_in_json(String body, String missing) throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.json(SEND, body));

    assertEquals(400, response.status());
    assertEquals(
        "{\"__type\":\"com.amazon.coral.service#MissingRequiredParameterException\","
            + "\"message\":\"The request must contain the parameter "
            + missing
            + ".\"}",
        response.body());
    assertEquals("MissingParameter;Sender", response.headers().get("x-amzn-query-error"));
  }

  @ParameterizedTest
  @CsvSource({
    "/, SendMessage&MessageBody=b, QueueUrl",
    "/000000000000/q, SendMessage, MessageBody",
    "/000000000000/q, SendMessageBatch&SendMessageBatchRequestEntry.2.Id=a,"
        + " SendMessageBatchRequestEntry.1.MessageBody",
    "/000000000000/q, TagQueue, Tag"
  })
  void a_missing_parameter_is_named_in_query(String path, String action, String missing)
      throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.form(path, "Action=" + action));

    assertEquals(400, response.status());
    assertTrue(
        response
            .body()
            .contains(
                "<Type>Sender</Type><Code>MissingParameter</Code>"
                    + "<Message>The request must contain the parameter "
                    + missing
                    + ".</Message>"),
        response.body());
  }

  @Test
  void a_missing_parameter_of_sns_is_a_validation_error() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(
            listener,
            RawHttp.form(
                "/",
                "Action=PublishBatch&TopicArn=arn&PublishBatchRequestEntries.member.1.Id=1"
                    + "&PublishBatchRequestEntries.member.1.Message=m"
                    + "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name=attr1"
                    + "&PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue=v"));
    assertEquals(400, response.status());
    assertTrue(
        response
            .body()
            .contains(
                "<Code>ValidationError</Code><Message>1 validation error detected: Value null at"
                    + " 'publishBatchRequestEntries.1.member.messageAttributes.attr1.member.dataType'"
                    + " failed to satisfy constraint: Member must not be null</Message>"),
        response.body());
  }

  @ParameterizedTest
  @CsvSource({
    "ReceiveMessage&MaxNumberOfMessages=ten, MalformedInput",
    "ReceiveMessage&MaxNumberOfMessages=, MalformedInput",
    "ReceiveMessage&MaxNumberOfMessages=99999999999, MalformedInput",
    "ReceiveMessage&MaxNumberOfMessages.1=5, MalformedInput",
    "ReceiveMessage&AttributeName.0=All, MalformedInput",
    "ReceiveMessage&AttributeName.x=All, MalformedInput",
    "ReceiveMessage&AttributeName.-1=All, MalformedInput",
    "SendMessage&MessageBody=b&MessageAttribute.1.Value.StringValue=v, MalformedInput",
    "SendMessage&MessageBody=b&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=%3F,"
        + " MalformedInput",
    "SendMessage&MessageBody=%, MalformedQueryString",
    "SendMessage&MessageBody=%4, MalformedQueryString",
    "SendMessage&MessageBody=%zz, MalformedQueryString",
    "SendMessage&a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1, MalformedQueryString"
  })
  void query_parameters_that_do_not_fit_are_malformed(String action, String code)
      throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.form("/000000000000/q", "Action=" + action));

    assertEquals(400, response.status());
    assertTrue(response.body().contains("<Code>" + code + "</Code>"), response.body());
  }

  @Test
  void too_many_query_parameters_are_malformed() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.form("/", "Action=ListQueues" + "&a=".repeat(20_000)));
    assertEquals(400, response.status());
    assertTrue(response.body().contains("<Code>MalformedQueryString</Code>"), response.body());
  }

  @Test
  void characters_that_xml_cannot_carry_are_replaced() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.form("/", "Action=%01%EF%BF%BE%3Cx%3E%F0%9F%98%80"));
    assertTrue(
        response.body().contains("The action \uFFFD\uFFFD&lt;x&gt;\uD83D\uDE00 is not valid"),
        response.body());
  }

  @Test
  void a_post_without_an_action_says_so() throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.form("/", ""));
    assertEquals(400, response.status());
    assertTrue(response.body().contains("<Code>MissingAction</Code>"), response.body());
  }

  @Test
  void other_methods_are_refused() throws IOException {
    for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO")) {
      RawHttp.Response response =
          RawHttp.exchange(listener, RawHttp.get("/").replace("GET ", method + " "));
      assertEquals(405, response.status(), method);
    }
  }

  @Test
  void a_browser_sees_what_it_reached() throws IOException {
    RawHttp.Response response = RawHttp.exchange(listener, RawHttp.get("/"));
    assertEquals(200, response.status());
    assertTrue(response.body().contains("Sluice"), response.body());

    response = RawHttp.exchange(listener, RawHttp.get("/000000000000/q"));
    assertEquals(404, response.status());
    assertTrue(response.body().contains("<UnknownOperationException/>"), response.body());
  }

  private void assertStillServing() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(
            listener, RawHttp.json(SEND, "{\"QueueUrl\":\"u\",\"MessageBody\":\"b\"}"));
    assertEquals("{\"MessageId\":\"ok\"}", response.body());
  }
}
