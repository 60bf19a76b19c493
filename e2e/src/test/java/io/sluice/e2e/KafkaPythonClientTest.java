package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's {@code python3-kafka}, a client that is written in Python all through. */
class KafkaPythonClientTest {

  @TempDir Path folder;

  @Test
  void kafka_python_shares_a_group_and_commits() throws IOException {
    String python =
        ForeignProgram.require(
            "python3-kafka", List.of("/usr/bin/python3", "python3"), "-c", "import kafka");
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result =
          new ObjectMapper()
              .readTree(
                  ForeignProgram.run(
                          folder,
                          "",
                          python,
                          Path.of("src/test/python/kafka_python.py").toAbsolutePath().toString(),
                          sluice.process().kafka(),
                          "500")
                      .mustSucceed()
                      .lastLine());

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
