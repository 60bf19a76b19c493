package io.sluice.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's {@code python3-boto3}, which is old enough to speak SQS's Query protocol. */
class BotoClientTest {

  @TempDir Path folder;

  @Test
  void boto3_sends_receives_and_deletes_over_the_query_protocol() throws IOException {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      JsonNode result =
          ForeignProgram.python(
              folder, "python3-boto3", "boto3", "sqs_shop.py", sluice.process().aws(), "35");

      assertEquals(35, result.get("received").size());
      assertEquals("[\"red & <blue>\"]", result.get("colors").toString());
      assertEquals("AWS.SimpleQueueService.NonExistentQueue", result.get("error").asText());
      assertEquals("arn:aws:sns:us-east-1:000000000000:python-topic", result.get("topic").asText());
    }
  }
}
