package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** librdkafka's two faces in Debian: {@code kcat} and {@code python3-confluent-kafka}. */
class LibrdkafkaClientsTest {

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

  @Test
  void kcat_produces_consumes_and_lists() {
    String kcat = ForeignProgram.require("kcat", List.of("kcat", "kafkacat"), "-V");
    String bootstrap = sluice.process().kafka();
    String lines =
        IntStream.range(0, 100)
            .mapToObj(i -> "k" + i % 7 + ":order-" + i + "\n")
            .collect(Collectors.joining());

    ForeignProgram.run(folder, lines, kcat, "-P", "-b", bootstrap, "-t", "kcat-orders", "-K:")
        .mustSucceed();
    String received =
        ForeignProgram.run(
                folder, "", kcat, "-C", "-b", bootstrap, "-t", "kcat-orders", "-e", "-q", "-K:")
            .mustSucceed()
            .text();
    String listed =
        ForeignProgram.run(folder, "", kcat, "-L", "-b", bootstrap).mustSucceed().text();

    assertEquals(
        lines.lines().collect(Collectors.toSet()), received.lines().collect(Collectors.toSet()));
    assertEquals(true, listed.contains("topic \"kcat-orders\""), listed);
  }

  @Test
  void confluent_kafka_for_python_shares_a_group_and_commits() throws IOException {
    JsonNode result =
        ForeignProgram.python(
            folder,
            "python3-confluent-kafka",
            "confluent_kafka",
            "kafka_shop.py",
            sluice.process().kafka(),
            "500");

    assertEquals(0, result.get("failures").size(), result.get("failures").toString());
    assertEquals(500, result.get("received").size());
    Set<String> distinct = new HashSet<>();
    result.get("received").forEach(order -> distinct.add(order.asText()));
    assertEquals(500, distinct.size());
    assertEquals(500, result.get("committed").asInt());
  }
}
