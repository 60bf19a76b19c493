package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Java programs use to speak to Kafka: the oldest kafka-clients that Kafka 4 serves, Spring
 * for Apache Kafka, Kafka Connect.
 */
class JavaClientsTest {

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

  private static JsonNode play(String libraries, String program, int count) throws IOException {
    ForeignProgram.Output output =
        new JavaProgram(libraries, program)
            .run(folder, sluice.process().kafka(), Integer.toString(count))
            .mustSucceed();
    List<String> answers = output.text().lines().filter(line -> line.startsWith("{")).toList();
    assertEquals(1, answers.size(), output.text());
    return new ObjectMapper().readTree(answers.getFirst());
  }

  private static void assertEachOrderOnce(int count, JsonNode received) {
    assertEquals(count, received.size(), received.toString());
    Set<String> distinct = new HashSet<>();
    received.forEach(order -> distinct.add(order.asText()));
    assertEquals(
        IntStream.range(0, count).mapToObj(i -> "order-" + i).collect(Collectors.toSet()),
        distinct);
  }

  @Test
  void kafka_clients_2_1_produce_consume_and_administer() throws IOException {
    JsonNode result = play("kafka-clients-2.1", "OldClients.java", 500);

    assertEachOrderOnce(500, result.get("received"));
    assertEquals(500, result.get("committed").asInt());
    assertTrue(result.get("listed").asBoolean());
    assertEquals(3, result.get("partitions").asInt());
    assertTrue(result.get("gone").asBoolean());
  }

  @Test
  void a_spring_application_receives_in_its_kafka_listener() throws IOException {
    assertEachOrderOnce(100, play("spring-kafka", "SpringShop.java", 100).get("received"));
  }

  @Test
  void a_standalone_connect_worker_copies_a_file_through_a_topic() throws IOException {
    Path in = Files.writeString(folder.resolve("in.txt"), lines(0, 200));
    Path out = folder.resolve("out.txt");
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Path worker =
        Files.writeString(
            folder.resolve("worker.properties"),
            """
            bootstrap.servers=%s
            key.converter=org.apache.kafka.connect.storage.StringConverter
            value.converter=org.apache.kafka.connect.storage.StringConverter
            offset.storage.file.filename=%s
            listeners=http://127.0.0.1:0
            plugin.path=%s
            plugin.discovery=service_load
            """
                .formatted(sluice.process().kafka(), folder.resolve("offsets"), plugins));
    Path source = connector("lines-in", "FileStreamSource", in, "topic");
    Path sink = connector("lines-out", "FileStreamSink", out, "topics");
    Process connect =
        new JavaProgram("kafka-connect", "org.apache.kafka.connect.cli.ConnectStandalone")
            .start(
                folder.resolve("connect.log"),
                worker.toString(),
                source.toString(),
                sink.toString());
    try {
      await(in, out);
      Files.writeString(in, lines(200, 300), StandardOpenOption.APPEND);
      await(in, out);
    } finally {
      connect.destroyForcibly().onExit().join();
    }
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  private static Path connector(String name, String type, Path file, String topicConfig)
      throws IOException {
    return Files.writeString(
        folder.resolve(name + ".properties"),
        """
        name=%s
        connector.class=%s
        tasks.max=1
        file=%s
        %s=connect-lines
        """
            .formatted(name, type, file, topicConfig));
  }

  private static void await(Path in, Path out) {
    Awaitility.await("the file is copied; connect.log: " + folder.resolve("connect.log"))
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.exists(out) && Files.mismatch(in, out) == -1);
  }
}
