package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.ByteBuffer;

/** The same request again and again, whose answer must hold an id per message. */
public final class Repeated implements Dialogue {

  private static final byte[] JSON_ID = "\"MessageId\"".getBytes(UTF_8);
  private static final byte[] JSON_URL = "\"QueueUrl\"".getBytes(UTF_8);
  private static final byte[] XML_ID = "<MessageId>".getBytes(UTF_8);

  private final ByteBuffer request;
  private final byte[] expected;
  private final int units;

  private Repeated(ByteBuffer request, byte[] expected, int units) {
    this.request = request;
    this.expected = expected;
    this.units = units;
  }

  /** {@code SendMessage} to a queue, or {@code SendMessageBatch} where {@code batch} is above 1. */
  public static Repeated send(String queueUrl, String message, int batch) {
    if (batch == 1) {
      String json = "{\"QueueUrl\":\"%s\",\"MessageBody\":\"%s\"}".formatted(queueUrl, message);
      return new Repeated(AwsRequest.sqs("SendMessage", json), JSON_ID, 1);
    }
    StringBuilder entries = new StringBuilder();
    for (int entry = 0; entry < batch; entry++) {
      entries
          .append(entry == 0 ? "" : ",")
          .append("{\"Id\":\"%d\",\"MessageBody\":\"%s\"}".formatted(entry, message));
    }
    String json = "{\"QueueUrl\":\"%s\",\"Entries\":[%s]}".formatted(queueUrl, entries);
    return new Repeated(AwsRequest.sqs("SendMessageBatch", json), JSON_ID, batch);
  }

  /** {@code GetQueueUrl}: a request and an answer of a message's size, of which nothing is kept. */
  public static Repeated askForUrl(String queue) {
    String json = "{\"QueueName\":\"%s\"}".formatted(queue);
    return new Repeated(AwsRequest.sqs("GetQueueUrl", json), JSON_URL, 1);
  }

  /** {@code Publish} to a topic. */
  public static Repeated publish(String topicArn, String message) {
    String form =
        "Action=Publish&Version=2010-03-31&TopicArn=%s&Message=%s"
            .formatted(URLEncoder.encode(topicArn, UTF_8), URLEncoder.encode(message, UTF_8));
    return new Repeated(AwsRequest.sns(form), XML_ID, 1);
  }

  /** {@code Publish} with one attribute, of type {@code String}. */
  public static Repeated publish(String topicArn, String message, String name, String value) {
    String form =
        ("Action=Publish&Version=2010-03-31&TopicArn=%s&Message=%s"
             + "&MessageAttributes.entry.1.Name=%s&MessageAttributes.entry.1.Value.DataType=String"
             + "&MessageAttributes.entry.1.Value.StringValue=%s")
            .formatted(
                URLEncoder.encode(topicArn, UTF_8),
                URLEncoder.encode(message, UTF_8),
                URLEncoder.encode(name, UTF_8),
                URLEncoder.encode(value, UTF_8));
    return new Repeated(AwsRequest.sns(form), XML_ID, 1);
  }

  @Override
  public ByteBuffer request() {
    return request.rewind();
  }

  @Override
  public int answered(HttpAnswer answer) {
    if (answer.count(expected) != units) {
      throw new LoadFailedException("not " + units + " messages were taken: " + answer.body());
    }
    return units;
  }
}
