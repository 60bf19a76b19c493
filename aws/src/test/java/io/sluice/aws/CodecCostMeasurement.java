package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * Prints, and does not judge, what a call costs between the HTTP server and the service: {@code
 * ./mvnw -pl aws -am test -Dsluice.measure=true -Dtest=CodecCostMeasurement
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@EnabledIfSystemProperty(named = "sluice.measure", matches = "true")
class CodecCostMeasurement {

  private static final int CALLS = 200_000;
  private static final String BODY = "x".repeat(100);

  private final SendMessageResponse sent =
      SendMessageResponse.builder()
          .messageId("5fea7756-0ea4-451a-a703-a558b933e274")
          .md5OfMessageBody("fafb00f5732ab283681e124bf8747ed1")
          .build();
  private final Services services =
      new Services(
          List.of(
              AwsService.of(SqsClient.class, new Sqs()),
              AwsService.of(SnsClient.class, new Sns())));
  private final Dispatcher dispatcher =
      new Dispatcher(services, CallContext.DEFAULT_ACCOUNT_ID, new CallsInFlight());

  @Test
  void send_message_by_json() {
    byte[] body =
        ("{\"QueueUrl\":\"http://localhost:4566/000000000000/orders\",\"MessageBody\":\""
                + BODY
                + "\"}")
            .getBytes(UTF_8);
    Shape request = services.byTarget("AmazonSQS.SendMessage").request();
    Shape response = services.byTarget("AmazonSQS.SendMessage").response();
    print(
        "SendMessage, JSON, decode and encode",
        () ->
            JsonReader.read(request, body).sdkFields().size()
                + JsonWriter.write(response, sent).length);
    print("SendMessage, JSON, whole call", () -> answer("AmazonSQS.SendMessage", body));
  }

  @Test
  void publish_by_query() {
    byte[] body =
        ("Action=Publish&Version=2010-03-31"
                + "&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Aorders&Message="
                + BODY)
            .getBytes(UTF_8);
    print("Publish, Query, whole call", () -> answer(null, body));
  }

  private int answer(@Nullable String target, byte[] body) {
    Reply reply =
        dispatcher.answer(
            new Request(
                "POST",
                "/",
                "",
                "localhost:4566",
                target,
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/"
                    + (target == null ? "sns" : "sqs")
                    + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
                null,
                body));
    assertEquals(200, reply.status());
    return reply.body().length;
  }

  private interface Call {
    int run();
  }

  private static void print(String what, Call call) {
    long best = Long.MAX_VALUE;
    int sum = 0;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        sum += call.run();
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf("%s: %d ns (%x)%n", what, best / CALLS, sum);
  }

  private final class Sqs implements SqsClient {
    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      return sent;
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private static final class Sns implements SnsClient {
    @Override
    public PublishResponse publish(PublishRequest request) {
      return PublishResponse.builder().messageId("5fea7756-0ea4-451a-a703-a558b933e274").build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
