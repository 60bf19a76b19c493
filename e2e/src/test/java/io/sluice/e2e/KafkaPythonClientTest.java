package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's {@code python3-kafka}, a client that is written in Python all through. */
class KafkaPythonClientTest {

  @TempDir Path folder;

  @Test
  void kafka_python_shares_a_group_and_commits() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result =
          ForeignProgram.python(
              folder, "python3-kafka", "kafka", "kafka_python.py", sluice.process().kafka(), "500");

      assertEquals(0, result.get("failures").size(), result.get("failures").toString());
      assertEquals(500, result.get("received").size());
      Set<String> distinct = new HashSet<>();
      result.get("received").forEach(order -> distinct.add(order.asText()));
      assertEquals(500, distinct.size());
      assertEquals(500, result.get("committed").asInt());
      assertEquals("kafka-python-metrics", result.get("groups").get(0).asText());
    }
  }
}
