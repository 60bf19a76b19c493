package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** What it takes to read an SQS request, and to write an answer: the JSON protocol, 100 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

  private static final String URL = "http://127.0.0.1:4566/000000000000/orders";
  private static final String BODY = "x".repeat(100);

  private final Services services =
      new Services(List.of(AwsService.of(SqsClient.class, new NoQueues())));
  private final JsonExchange send =
      exchange("SendMessage", "{\"QueueUrl\":\"%s\",\"MessageBody\":\"%s\"}".formatted(URL, BODY));
  private final JsonExchange sendBatch =
      exchange(
          "SendMessageBatch",
          "{\"QueueUrl\":\"%s\",\"Entries\":[%s]}"
              .formatted(
                  URL,
                  IntStream.range(0, 10)
                      .mapToObj(i -> "{\"Id\":\"%d\",\"MessageBody\":\"%s\"}".formatted(i, BODY))
                      .collect(Collectors.joining(","))));
  private final JsonExchange receive =
      exchange("ReceiveMessage", "{\"QueueUrl\":\"%s\",\"MaxNumberOfMessages\":10}".formatted(URL));
  private final SdkPojo sent =
      SendMessageResponse.builder()
          .messageId("0b4f6f4e-3a35-4f5d-9c3c-1f2d3e4f5a6b")
          .md5OfMessageBody("5d41402abc4b2a76b9719d911017c592")
          .build();
  private final SdkPojo received =
      ReceiveMessageResponse.builder()
          .messages(
              IntStream.range(0, 10)
                  .mapToObj(
                      i ->
                          Message.builder()
                              .messageId("0b4f6f4e-3a35-4f5d-9c3c-1f2d3e4f5a6" + i)
                              .receiptHandle("AQEB" + "h".repeat(80) + i)
                              .md5OfBody("5d41402abc4b2a76b9719d911017c592")
                              .body(BODY)
                              .attributesWithStrings(
                                  Map.of(
                                      MessageSystemAttributeName.SENT_TIMESTAMP.toString(),
                                      "1700000000000"))
                              .build())
                  .toList())
          .build();

  private static final class NoQueues implements SqsClient {
    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {
      // It holds nothing.
    }
  }

  private JsonExchange exchange(String operation, String json) {
    String target = "AmazonSQS." + operation;
    Request request =
        new Request(
            "POST",
            "/",
            "",
            "127.0.0.1:4566",
            target,
            null,
            "application/x-amz-json-1.0",
            json.getBytes(UTF_8));
    return new JsonExchange(services, request, target, "request");
  }

  /** {@code SendMessage} as it arrives. */
  @Benchmark
  public SdkPojo decodeSendMessage() {
    return send.read(send.operation());
  }

  /** {@code SendMessageBatch} of 10 as it arrives. */
  @Benchmark
  public SdkPojo decodeSendMessageBatch() {
    return sendBatch.read(sendBatch.operation());
  }

  /** The answer to {@code SendMessage}. */
  @Benchmark
  public Object encodeSendMessage() {
    return send.answer(send.operation(), sent);
  }

  /** The answer to {@code ReceiveMessage} with 10 messages. */
  @Benchmark
  public Object encodeReceiveMessage() {
    return receive.answer(receive.operation(), received);
  }
}
