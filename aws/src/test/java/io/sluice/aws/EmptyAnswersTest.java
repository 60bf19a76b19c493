package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.aws.sqs.SqsService;
import io.sluice.aws.testing.EmbeddedServices;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.SqsClient;

/** SQS leaves an empty list out of a JSON answer, and some SDKs show their users the difference. */
class EmptyAnswersTest {

  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private AwsListener listener;

  @BeforeEach
  void open() {
    listener =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(AwsService.of(SqsClient.class, new SqsService(services.broker()))));
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void no_messages_no_queues_no_attributes() throws IOException {
    assertEquals("{}", answer("ListQueues", "{}"));

    services.queue("orders");

    assertEquals("{}", answer("ReceiveMessage", "{\"QueueUrl\":\"orders\"}"));
    assertEquals("{}", answer("ListQueues", "{\"QueueNamePrefix\":\"x\"}"));
    assertEquals(
        "{}",
        answer("GetQueueAttributes", "{\"QueueUrl\":\"orders\",\"AttributeNames\":[\"Policy\"]}"));
  }

  @Test
  void a_batch_without_failures_and_one_without_successes() throws IOException {
    services.queue("orders");

    String sent = batch("SendMessageBatch", "\"MessageBody\":\"a\"");
    assertFalse(sent.contains("Failed"), sent);
    String unsent = batch("SendMessageBatch", "\"MessageBody\":\"\\u0001\"");
    assertFalse(unsent.contains("Successful"), unsent);

    String handle = services.receiveOne("orders").receiptHandle();
    String forged = "\"ReceiptHandle\":\"x\",\"VisibilityTimeout\":1";
    String real = "\"ReceiptHandle\":\"" + handle + "\",\"VisibilityTimeout\":1";
    for (String action : List.of("ChangeMessageVisibilityBatch", "DeleteMessageBatch")) {
      assertEquals("{\"Successful\":[{\"Id\":\"1\"}]}", batch(action, real));
      assertFalse(batch(action, forged).contains("Successful"));
    }
  }

  private String batch(String action, String entry) throws IOException {
    return answer(action, "{\"QueueUrl\":\"orders\",\"Entries\":[{\"Id\":\"1\"," + entry + "}]}");
  }

  private String answer(String action, String body) throws IOException {
    return RawHttp.exchange(listener, RawHttp.json("AmazonSQS." + action, body)).body();
  }
}
