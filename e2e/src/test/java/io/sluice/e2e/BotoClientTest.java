package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's {@code python3-boto3}, which is old enough to speak SQS's Query protocol, and speaks
 * JSON when it is told that SQS does.
 */
class BotoClientTest {

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  private static JsonNode play(String script, String... arguments) throws IOException {
    return ForeignProgram.python(folder, "python3-boto3", "boto3", script, arguments);
  }

  @Test
  void boto3_sends_receives_and_deletes_in_batches() throws IOException {
    JsonNode result = play("sqs_shop.py", sluice.process().aws(), "35");

    assertEquals(35, result.get("received").size());
    assertEquals("[\"red & <blue>\"]", result.get("colors").toString());
    assertEquals("AWS.SimpleQueueService.NonExistentQueue", result.get("error").asText());
    assertEquals("arn:aws:sns:us-east-1:000000000000:python-topic", result.get("topic").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "json"})
  void a_queue_on_a_topic_behaves_the_same_over_both_protocols(String protocol) throws IOException {
    Path models = Files.createDirectory(folder.resolve("models-" + protocol));
    JsonNode result = play("sqs_protocols.py", sluice.process().aws(), protocol, models.toString());

    if (protocol.equals("json")) {
      assertEquals("[\"application/x-amz-json-1.0\"]", result.get("contentTypes").toString());
    }
    assertEquals("[[\"good\"],[\"bad\"]]", result.get("batch").toString());
    assertEquals("[\"batched\",\"published\"]", result.get("received").toString());
    assertTrue(result.get("attributes").asBoolean());
    assertEquals("2", result.get("receiveCount").asText());
    assertEquals("[\"again\",\"published\"]", result.get("deleted").toString());
    assertEquals("[\"python-" + protocol + "\"]", result.get("listed").toString());
    JsonNode errors = result.get("errors");
    assertEquals("AWS.SimpleQueueService.NonExistentQueue", errors.get("missing").asText());
    assertEquals("InvalidAttributeValue", errors.get("attribute").asText());
    assertEquals("ReceiptHandleIsInvalid", errors.get("handle").asText());
    assertEquals("NotFound", errors.get("topic").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "json"})
  void fifo_queues_permissions_and_filters_work_over_both_protocols(String protocol)
      throws IOException {
    Path models = Files.createDirectory(folder.resolve("fifo-models-" + protocol));
    JsonNode result = play("sqs_fifo.py", sluice.process().aws(), protocol, models.toString());

    JsonNode fifo = result.get("fifo");
    String prefix = "boto-" + protocol + "-";
    assertEquals(
        "[[\"" + prefix + "orders.fifo\",\"" + prefix + "returns.fifo\"],2]",
        fifo.get("sources").toString(),
        "on two pages");
    assertEquals("InvalidParameterValue", fifo.get("notAllowed").asText());
    assertInOrder(fifo.get("received"));
    assertTrue(fifo.get("repeated").asBoolean(), "an attempt that is repeated gets the same");
    assertEquals("[]", fifo.get("left").toString(), "what was received once died");
    assertEquals("[true,true,true]", fifo.get("letters").toString(), "origin and ids");
    assertEquals("[\"COMPLETED\",6]", fifo.get("task").toString());
    assertInOrder(fifo.get("moved"));
    assertEquals("[]", fifo.get("rest").toString());

    JsonNode permissions = result.get("permissions");
    assertEquals("partner", permissions.get("label").asText());
    assertEquals(
        "[\"arn:aws:iam::111111111111:root\",\"arn:aws:iam::222222222222:root\"]",
        permissions.get("principals").toString());
    assertEquals(
        "[\"SQS:ReceiveMessage\",\"SQS:SendMessage\"]", permissions.get("actions").toString());
    assertEquals("InvalidParameterValue", permissions.get("twice").asText());
    assertEquals("InvalidParameterValue", permissions.get("unknown").asText());
    assertEquals("[]", permissions.get("left").toString());

    JsonNode filtered = result.get("filtered");
    assertEquals("MessageBody", filtered.get("scope").asText());
    assertEquals("[1,4]", filtered.get("ids").toString());
    assertEquals(0, filtered.get("rest").asInt());
  }

  private static void assertInOrder(JsonNode bodies) {
    List<String> texts = new ArrayList<>();
    bodies.forEach(body -> texts.add(body.asText()));
    for (String group : List.of("a", "b")) {
      assertEquals(
          List.of(group + "0", group + "1", group + "2"),
          texts.stream().filter(text -> text.startsWith(group)).toList());
    }
  }
}
