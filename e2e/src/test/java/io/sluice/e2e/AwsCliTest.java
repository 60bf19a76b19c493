package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI, Debian's {@code awscli}, on what a person does first. */
class AwsCliTest {

  private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:cli-orders";

  @TempDir Path folder;
  private String program;
  private String endpoint;

  @Test
  void a_person_publishes_to_a_topic_and_works_through_its_queue() throws IOException {
    program = ForeignProgram.require("awscli", List.of("/usr/bin/aws", "aws"), "--version");
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      endpoint = sluice.process().aws();

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
