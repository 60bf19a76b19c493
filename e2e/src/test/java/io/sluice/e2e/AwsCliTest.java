package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI, Debian's {@code awscli}, on what a person does first. */
class AwsCliTest {

  private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:cli-orders";

  private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:";

  @TempDir static Path folder;
  private static SluiceProcess sluice;
  private static String endpoint;
  private String program;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
    endpoint = sluice.process().aws();
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @Test
  void a_person_publishes_to_a_topic_and_works_through_its_queue() throws IOException {
    program = ForeignProgram.require("awscli", List.of("/usr/bin/aws", "aws"), "--version");
    String queue = json("sqs create-queue --queue-name cli-dispatch").get("QueueUrl").asText();
    assertEquals(endpoint + "/000000000000/cli-dispatch", queue);
    assertEquals(TOPIC, json("sns create-topic --name cli-orders").get("TopicArn").asText());
    json(
        "sns subscribe --protocol sqs --attributes RawMessageDelivery=true --topic-arn "
            + TOPIC
            + " --notification-endpoint arn:aws:sqs:us-east-1:000000000000:cli-dispatch");
    JsonNode published =
        json(
            "sns publish --message hello --message-group-id customer --topic-arn "
                + TOPIC
                + " --message-attributes colour={DataType=String,StringValue=red}");
    JsonNode received =
        json("sqs receive-message --wait-time-seconds 5 --attribute-names All"
                + " --message-attribute-names All --queue-url "
                + queue)
            .get("Messages")
            .get(0);

    assertEquals("hello", received.get("Body").asText());
    assertEquals(published.get("MessageId"), received.get("MessageId"));
    assertEquals(
        "red", received.at("/MessageAttributes/colour/StringValue").asText(), "its attribute");
    assertEquals("customer", received.at("/Attributes/MessageGroupId").asText());
    aws("sqs delete-message --queue-url "
            + queue
            + " --receipt-handle "
            + received.get("ReceiptHandle").asText())
        .mustSucceed();
    assertEquals(
        "0",
        json("sqs get-queue-attributes --attribute-names All --queue-url " + queue)
            .at("/Attributes/ApproximateNumberOfMessagesNotVisible")
            .asText());
    ForeignProgram.Output missing = aws("sqs get-queue-url --queue-name missing");
    assertEquals(254, missing.exitCode(), missing.text());
    assertTrue(
        missing.text().contains("(AWS.SimpleQueueService.NonExistentQueue)"), missing.text());
  }

  @Test
  void a_person_uses_a_fifo_queue() throws IOException {
    program = ForeignProgram.require("awscli", List.of("/usr/bin/aws", "aws"), "--version");
    String queue =
        json("sqs create-queue --queue-name cli.fifo --attributes"
                + " FifoQueue=true,ContentBasedDeduplication=true")
            .get("QueueUrl")
            .asText();
    JsonNode sent = send(queue, "first");
    JsonNode again = send(queue, "first");
    send(queue, "second");

    assertEquals(sent.get("SequenceNumber"), again.get("SequenceNumber"), "a duplicate");
    JsonNode received =
        json(
            "sqs receive-message --max-number-of-messages 10 --attribute-names All"
                + " --receive-request-attempt-id attempt --queue-url "
                + queue);
    assertEquals("[\"first\",\"second\"]", texts(received.get("Messages"), "Body"));
    assertEquals(sent.get("SequenceNumber"), received.at("/Messages/0/Attributes/SequenceNumber"));
    ForeignProgram.Output refused =
        aws("sqs send-message --message-body ungrouped --queue-url " + queue);
    assertTrue(refused.text().contains("(MissingParameter)"), refused.text());
  }

  private JsonNode send(String queue, String body) throws IOException {
    return json(
        "sqs send-message --message-group-id customer-1 --message-body "
            + body
            + " --queue-url "
            + queue);
  }

  @Test
  void a_person_moves_dead_letters_back() throws IOException {
    program =
        ForeignProgram.require(
            "awscli with start-message-move-task",
            List.of("/usr/bin/aws", "aws"),
            "sqs",
            "start-message-move-task",
            "--generate-cli-skeleton");
    String dead = json("sqs create-queue --queue-name cli-dead").get("QueueUrl").asText();
    String redrive =
        "{\\\"deadLetterTargetArn\\\":\\\""
            + QUEUE_ARN
            + "cli-dead\\\",\\\"maxReceiveCount\\\":\\\"1\\\"}";
    String orders =
        json("sqs create-queue --queue-name cli-failing --attributes {\"RedrivePolicy\":\""
                + redrive
                + "\"}")
            .get("QueueUrl")
            .asText();
    String receive = "sqs receive-message --visibility-timeout 0 --queue-url ";
    assertEquals(
        "[\"" + orders + "\"]",
        json("sqs list-dead-letter-source-queues --queue-url " + dead).get("queueUrls").toString());
    json("sqs send-message --message-body poison --queue-url " + orders);
    assertEquals("poison", json(receive + orders).at("/Messages/0/Body").asText());
    assertEquals("", aws(receive + orders).mustSucceed().text().strip(), "it is dead");
    assertEquals("poison", json(receive + dead).at("/Messages/0/Body").asText());

    json("sqs start-message-move-task --source-arn " + QUEUE_ARN + "cli-dead");

    JsonNode back = json("sqs receive-message --wait-time-seconds 20 --queue-url " + orders);
    assertEquals("poison", back.at("/Messages/0/Body").asText());
    JsonNode task = json("sqs list-message-move-tasks --source-arn " + QUEUE_ARN + "cli-dead");
    assertEquals(QUEUE_ARN + "cli-dead", task.at("/Results/0/SourceArn").asText());
    assertEquals(1, task.at("/Results/0/ApproximateNumberOfMessagesToMove").asInt());
  }

  private static String texts(JsonNode array, String name) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.get(name).toString()));
    return "[" + String.join(",", texts) + "]";
  }

  private JsonNode json(String command) throws IOException {
    return new ObjectMapper().readTree(aws(command).mustSucceed().text());
  }

  private ForeignProgram.Output aws(String command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "env",
                "AWS_ACCESS_KEY_ID=any",
                "AWS_SECRET_ACCESS_KEY=any",
                "AWS_DEFAULT_REGION=us-east-1",
                "AWS_PAGER=",
                program,
                "--endpoint-url",
                endpoint,
                "--output",
                "json"));
    words.addAll(List.of(command.split(" ")));
    return ForeignProgram.run(folder, "", words.toArray(String[]::new));
  }
}
