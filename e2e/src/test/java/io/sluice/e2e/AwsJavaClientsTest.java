package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Java applications use SQS and SNS through: Spring Cloud AWS, and JMS by Amazon's library.
 */
class AwsJavaClientsTest {

  private static final int ORDERS = 30;

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

  private static JsonNode play(String libraries, String program) throws IOException {
    return new JavaProgram(libraries, program)
        .run(folder, sluice.process().aws(), Integer.toString(ORDERS))
        .mustSucceed()
        .text()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(AwsJavaClientsTest::parsed)
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode parsed(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void an_sqs_listener_of_spring_receives_from_its_queue_and_a_topic() throws IOException {
    JsonNode result = play("spring-cloud-aws", "SpringQueues.java");

    List<String> received = texts(result.get("received"));
    assertEquals(ORDERS, received.size(), received::toString);
    assertEquals(
        IntStream.range(0, ORDERS).mapToObj(i -> "order-" + i).collect(Collectors.toSet()),
        new TreeSet<>(received));
    assertEquals(3, result.get("failed").asInt(), "every tenth came again");
    assertEquals(2, result.get("doors").asInt(), "headers of templates for SQS and SNS");
    assertInOrder(ORDERS, texts(result.get("ordered")));
  }

  @Test
  void jms_sends_and_receives_every_kind_of_message() throws IOException {
    JsonNode result = play("sqs-jms", "JmsQueues.java");

    assertEquals("text true red 7 correlated;bytes 3;object [a, b];", result.get("kinds").asText());
    assertTrue(result.get("again").asBoolean(), "what was not acknowledged came again");
    assertInOrder(12, texts(result.get("ordered")));
    assertEquals(
        IntStream.range(0, ORDERS).mapToObj(i -> "order-" + i).sorted().toList(),
        texts(result.get("heard")).stream().sorted().toList());
  }

  /** Orders went round three groups of a FIFO queue; each comes once, those of a group in order. */
  private static void assertInOrder(int orders, List<String> received) {
    assertEquals(orders, received.size(), received::toString);
    for (int group = 0; group < 3; group++) {
      String name = "group-" + group + " ";
      assertEquals(
          IntStream.iterate(group, i -> i < orders, i -> i + 3)
              .mapToObj(i -> name + "order-" + i)
              .toList(),
          received.stream().filter(order -> order.startsWith(name)).toList());
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
