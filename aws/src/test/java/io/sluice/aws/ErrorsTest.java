package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;
import software.amazon.awssdk.services.sts.StsClient;

/** What a service throws is what the client's SDK throws. */
class ErrorsTest {

  private volatile Throwable thrown = new IllegalStateException("unset");
  private final FakeService service =
      new FakeService(
          request -> {
            throw thrown;
          });
  private final AwsListener listener =
      AwsListener.start(
          AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
          List.of(
              service.as(SqsClient.class),
              service.as(SnsClient.class),
              AwsService.of(StsClient.class, new NothingImplemented())));
  private final SqsClient sqs = SdkClients.sqs(listener.endpoint());
  private final SnsClient sns = SdkClients.sns(listener.endpoint());

  @AfterEach
  void close() {
    sqs.close();
    sns.close();
    listener.close();
  }

  @Test
  void a_modelled_exception_crosses_json() {
    thrown = QueueDoesNotExistException.builder().message("no such queue").build();

    AwsServiceException e =
        assertThrows(QueueDoesNotExistException.class, () -> sqs.deleteQueue(r -> r.queueUrl("u")));

    assertEquals("no such queue", e.awsErrorDetails().errorMessage());
    assertEquals("AWS.SimpleQueueService.NonExistentQueue", e.awsErrorDetails().errorCode());
    assertEquals(400, e.statusCode());
    assertEquals(service.context().requestId(), e.requestId());
  }

  @Test
  void a_modelled_exception_crosses_query() {
    thrown = NotFoundException.builder().message("Topic does not exist").build();

    AwsServiceException e =
        assertThrows(NotFoundException.class, () -> sns.deleteTopic(r -> r.topicArn("arn")));

    assertEquals("Topic does not exist", e.awsErrorDetails().errorMessage());
    assertEquals("NotFound", e.awsErrorDetails().errorCode());
    assertEquals(404, e.statusCode());
    assertEquals(service.context().requestId(), e.requestId());
  }

  @Test
  void an_unmodelled_error_crosses_both() {
    thrown = AwsErrors.sender(SqsException.builder(), "InvalidParameterValue", 400, "Value 11 …");
    AwsServiceException e =
        assertThrows(SqsException.class, () -> sqs.purgeQueue(r -> r.queueUrl("u")));
    assertEquals("InvalidParameterValue", e.awsErrorDetails().errorCode());
    assertEquals("Value 11 …", e.awsErrorDetails().errorMessage());
    assertEquals(400, e.statusCode());

    thrown = AwsErrors.sender(SnsException.builder(), "SignatureDoesNotMatch", 403, "no");
    e = assertThrows(SnsException.class, () -> sns.listTopics());
    assertEquals("SignatureDoesNotMatch", e.awsErrorDetails().errorCode());
    assertEquals(403, e.statusCode());
  }

  @Test
  void json_errors_look_like_amazons() throws IOException {
    thrown = QueueDoesNotExistException.builder().message("no").build();
    RawHttp.Response response = purge();
    assertEquals(
        "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"no\"}", response.body());
    assertEquals(
        "AWS.SimpleQueueService.NonExistentQueue;Sender",
        response.headers().get("x-amzn-query-error"));
    assertEquals("application/x-amz-json-1.0", response.headers().get("content-type"));

    thrown = AwsErrors.sender(SqsException.builder(), "InvalidParameterValue", 400, "v");
    response = purge();
    assertEquals(
        "{\"__type\":\"com.amazon.coral.service#InvalidParameterValueException\",\"message\":\"v\"}",
        response.body());
    assertEquals("InvalidParameterValue;Sender", response.headers().get("x-amzn-query-error"));
  }

  @Test
  void an_exception_without_a_message_is_no_problem() {
    thrown = OverLimitException.builder().build();
    assertEquals(
        403,
        assertThrows(OverLimitException.class, () -> sqs.purgeQueue(r -> r.queueUrl("u")))
            .statusCode());
    thrown = MessageNotInflightException.builder().build();
    assertThrows(MessageNotInflightException.class, () -> sqs.purgeQueue(r -> r.queueUrl("u")));
  }

  @Test
  void a_bug_is_an_internal_failure_that_tells_nothing() throws IOException {
    for (Throwable bug : List.of(new IllegalStateException("secret"), new StackOverflowError())) {
      thrown = bug;
      RawHttp.Response response = purge();
      assertEquals(500, response.status());
      assertEquals("InternalFailure;Receiver", response.headers().get("x-amzn-query-error"));
      assertTrue(!response.body().contains("secret"), response.body());

      response = RawHttp.exchange(listener, RawHttp.form("/", "Action=ListTopics"));
      assertEquals(500, response.status());
      assertTrue(response.body().contains("<Type>Receiver</Type><Code>InternalFailure</Code>"));
    }
  }

  @Test
  void an_operation_that_is_not_implemented_is_unsupported() throws IOException {
    try (AwsListener empty =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(
                AwsService.of(SqsClient.class, new NoQueues()),
                AwsService.of(StsClient.class, new NothingImplemented())))) {
      RawHttp.Response response =
          RawHttp.exchange(empty, RawHttp.json("AmazonSQS.ListQueues", "{}"));
      assertEquals(400, response.status());
      assertEquals(
          "AWS.SimpleQueueService.UnsupportedOperation;Sender",
          response.headers().get("x-amzn-query-error"));
      try (SqsClient client = SdkClients.sqs(empty.endpoint())) {
        assertThrows(UnsupportedOperationException.class, () -> client.listQueues());
      }

      response = RawHttp.exchange(empty, RawHttp.form("/", "Action=GetCallerIdentity"));
      assertEquals(400, response.status());
      assertTrue(response.body().contains("<Code>InvalidAction</Code>"), response.body());
    }
  }

  private RawHttp.Response purge() throws IOException {
    return RawHttp.exchange(listener, RawHttp.json("AmazonSQS.PurgeQueue", "{\"QueueUrl\":\"u\"}"));
  }

  private static final class NothingImplemented implements StsClient {
    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private static final class NoQueues implements SqsClient {
    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
