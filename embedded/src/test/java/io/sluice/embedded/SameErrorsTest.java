package io.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What the SDK throws in process is what it throws over HTTP. */
class SameErrorsTest {

  private static Sluice sluice;
  private static SqsClient sqsOverHttp;
  private static SnsClient snsOverHttp;

  @BeforeAll
  static void open() {
    sluice = Sluice.embedded();
    sqsOverHttp = Door.HTTP.sqs(sluice);
    snsOverHttp = Door.HTTP.sns(sluice);
    sluice.sqs().createQueue(r -> r.queueName("orders"));
  }

  @AfterAll
  static void close() {
    sqsOverHttp.close();
    snsOverHttp.close();
    sluice.close();
  }

  static Stream<Arguments> mistakesWithQueues() {
    return Stream.of(
        ofQueues("no such queue", sqs -> sqs.getQueueUrl(r -> r.queueName("missing"))),
        ofQueues("nothing required", sqs -> sqs.sendMessage(r -> {})),
        ofQueues("no body", sqs -> sqs.sendMessage(r -> r.queueUrl("orders"))),
        ofQueues("an empty batch", sqs -> sqs.sendMessageBatch(r -> r.queueUrl("orders"))),
        ofQueues(
            "too many messages",
            sqs -> sqs.receiveMessage(r -> r.queueUrl("orders").maxNumberOfMessages(11))),
        ofQueues(
            "no receipt handle",
            sqs -> sqs.deleteMessage(r -> r.queueUrl("orders").receiptHandle("x"))),
        ofQueues(
            "an attribute's value",
            sqs ->
                sqs.createQueue(
                    r ->
                        r.queueName("other")
                            .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "-1")))));
  }

  static Stream<Arguments> mistakesWithTopics() {
    return Stream.of(
        ofTopics(
            "no such topic",
            sns ->
                sns.publish(
                    r -> r.topicArn("arn:aws:sns:us-east-1:000000000000:missing").message("m"))),
        ofTopics("no message", sns -> sns.publish(r -> r.topicArn("arn"))),
        ofTopics("no name", sns -> sns.createTopic(r -> {})),
        ofTopics("an illegal name", sns -> sns.createTopic(r -> r.name("a/b"))),
        ofTopics("what is not served", SnsClient::listPhoneNumbersOptedOut));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakesWithQueues")
  void queues(String what, Consumer<SqsClient> mistake) {
    assertSame(
        assertThrows(AwsServiceException.class, () -> mistake.accept(sqsOverHttp)),
        assertThrows(AwsServiceException.class, () -> mistake.accept(sluice.sqs())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakesWithTopics")
  void topics(String what, Consumer<SnsClient> mistake) {
    assertSame(
        assertThrows(AwsServiceException.class, () -> mistake.accept(snsOverHttp)),
        assertThrows(AwsServiceException.class, () -> mistake.accept(sluice.sns())));
  }

  private static void assertSame(AwsServiceException wire, AwsServiceException inProcess) {
    assertEquals(wire.getClass(), inProcess.getClass());
    assertEquals(wire.awsErrorDetails().errorCode(), inProcess.awsErrorDetails().errorCode());
    assertEquals(wire.awsErrorDetails().errorMessage(), inProcess.awsErrorDetails().errorMessage());
    assertEquals(wire.awsErrorDetails().serviceName(), inProcess.awsErrorDetails().serviceName());
    assertEquals(wire.statusCode(), inProcess.statusCode());
    assertEquals(withoutRequestId(wire), withoutRequestId(inProcess));
    assertEquals(wire.requestId().length(), inProcess.requestId().length());
  }

  private static String withoutRequestId(AwsServiceException e) {
    return e.getMessage().replace(e.requestId(), "").replaceFirst(" \\(SDK Attempt.*", "");
  }

  private static Arguments ofQueues(String what, Consumer<SqsClient> call) {
    return Arguments.of(what, call);
  }

  private static Arguments ofTopics(String what, Consumer<SnsClient> call) {
    return Arguments.of(what, call);
  }
}
