package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * npm's {@code kafkajs}, {@code @platformatic/kafka}, {@code @aws-sdk/client-sqs} and {@code
 * @aws-sdk/client-sns}.
 */
class NodeClientsTest {

  private static final Path SOURCES = Path.of("src/test/node");
  private static final Path INSTALLED = Path.of("target/node-clients").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void a_shop_in_javascript_meets_itself_through_kafka_sns_and_sqs() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result = node("shop.mjs", sluice.process().kafka(), sluice.process().aws(), "60");

      List<String> sent = sorted(result.get("sent"));
      assertEquals(60, sent.size());
      assertEquals(sent, sorted(result.get("fromQueue")), "each order once from the queue");
      assertEquals(sent, sorted(result.get("fromGroup")), "each order once from the group");
      assertEquals(20, result.get("doors").get("kafka").asInt(), "Kafka headers as attributes");
      assertEquals(20, result.get("doors").get("sns").asInt(), "SNS attributes as attributes");
    }
  }

  @Test
  void platformatic_kafka_shares_a_group_and_commits() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result = node("platformatic.mjs", sluice.process().kafka(), "200");

      List<String> received = sorted(result.get("received"));
      assertEquals(200, received.size());
      assertEquals(200, received.stream().distinct().count());
      assertEquals(200, result.get("withHeaders").asInt());
      assertEquals(List.of("platformatic-metrics"), sorted(result.get("groups")));
    }
  }

  @Test
  void kafkajs_commits_and_aborts_transactions() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result = node("transactions.mjs", sluice.process().kafka(), "30");

      assertEquals(40, result.get("read").size());
      assertEquals(sorted(result.get("committed")), sorted(result.get("read")));
      assertEquals(28, result.get("offset").asInt(), "of the last one that was committed");
    }
  }

  @Test
  void the_sdk_uses_fifo_queues_redrive_tags_and_filters() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result = node("queues.mjs", sluice.process().kafka(), sluice.process().aws());

      JsonNode fifo = result.get("fifo");
      assertEquals(0, fifo.get("failed").asInt());
      assertTrue(fifo.get("sameMessage").asBoolean(), "a duplicate is answered as the first was");
      assertTrue(fifo.get("sameSequence").asBoolean(), "a duplicate is answered as the first was");
      assertEquals(9, fifo.get("received").asInt());
      assertEquals(0, fifo.get("left").asInt(), "what was received once died");
      assertEquals("COMPLETED", fifo.get("status").asText());
      List<String> moved = texts(fifo.get("moved"));
      for (String group : List.of("a", "b", "c")) {
        assertEquals(
            List.of(group + "0", group + "1", group + "2"),
            moved.stream().filter(body -> body.startsWith(group)).toList());
      }
      assertEquals("[\"a\",\"b\",\"c\"]", fifo.get("groups").toString());
      assertEquals("[\"1\"]", fifo.get("counts").toString(), "they are new messages");
      assertEquals(List.of(), texts(fifo.get("dead")));
      assertEquals("{\"stage\":\"test @ home+\",\"team\":\"shop\"}", result.get("tags").toString());
      assertEquals(List.of("in time"), texts(result.get("longPoll")));
      JsonNode filtered = result.get("filtered");
      assertEquals(List.of("{\"size\":6}", "{\"size\":8}"), texts(filtered.get("raw")));
      assertEquals(List.of("red", "red"), texts(filtered.get("rawColours")));
      assertEquals(List.of("{\"size\":7}", "{\"size\":8}"), texts(filtered.get("enveloped")));
      assertFalse(filtered.get("envelopedAttributes").asBoolean(), "they are in the envelope");
      assertEquals(0, filtered.get("rest").asInt());
      JsonNode batch = result.get("partialFailure");
      assertEquals(List.of("first", "last"), texts(batch.get("successful")));
      assertEquals("[[\"large\",\"InvalidParameter\",true]]", batch.get("failed").toString());
      assertEquals("InvalidParameterException", batch.get("whole").asText());
      assertEquals(List.of("small", "small too"), texts(batch.get("received")));
      assertEquals(List.of(), texts(batch.get("rest")));
    }
  }

  /** The JSON that one of the scripts prints. */
  private static JsonNode node(String script, String... arguments) throws IOException {
    installClients();
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return ForeignProgram.run(INSTALLED, "", command.toArray(String[]::new)).json();
  }

  private static void installClients() throws IOException {
    ForeignProgram.require("node", List.of("node"), "--version");
    ForeignProgram.require("npm", List.of("npm"), "--version");
    Files.createDirectories(INSTALLED);
    boolean changed = false;
    for (String file :
        List.of(
            "package.json",
            "package-lock.json",
            "shop.mjs",
            "platformatic.mjs",
            "queues.mjs",
            "transactions.mjs")) {
      Path target = INSTALLED.resolve(file);
      String wanted = Files.readString(SOURCES.resolve(file));
      if (!Files.exists(target) || !Files.readString(target).equals(wanted)) {
        Files.writeString(target, wanted);
        changed |= file.endsWith(".json");
      }
    }
    if (changed || !Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))) {
      ForeignProgram.Output installed =
          ForeignProgram.run(INSTALLED, "", "npm", "ci", "--no-audit", "--no-fund");
      assertTrue(installed.exitCode() == 0, installed.text());
    }
  }

  private static List<String> sorted(JsonNode array) {
    List<String> texts = texts(array);
    texts.sort(Comparator.naturalOrder());
    return texts;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
