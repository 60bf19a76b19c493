package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SendToGroupsTest {

  @Test
  void messages_go_to_one_group_after_the_other() throws IOException {
    List<String> groups = new ArrayList<>();
    for (JsonNode entry : entries(SendToGroups.of("http://q", "hello", 4).get())) {
      assertEquals("hello", entry.get("MessageBody").asText());
      groups.add(entry.get("MessageGroupId").asText().replaceFirst("^0+(?=.)", ""));
    }
    assertEquals(List.of("0", "1", "2", "3", "0", "1", "2", "3", "0", "1"), groups);
  }

  @Test
  void no_two_messages_of_any_connection_are_the_same() throws IOException {
    Supplier<SendToGroups> connections = SendToGroups.of("http://q", "hello", 1);
    SendToGroups one = connections.get();
    SendToGroups other = connections.get();
    Set<String> ids = new HashSet<>();
    for (int round = 0; round < 20; round++) {
      for (JsonNode entry : entries(round % 3 == 0 ? other : one)) {
        assertTrue(ids.add(entry.get("MessageDeduplicationId").asText()));
      }
    }
    assertEquals(200, ids.size());
  }

  @Test
  void a_message_that_is_not_taken_fails_the_load() {
    SendToGroups dialogue = SendToGroups.of("http://q", "hello", 1).get();
    assertEquals(10, dialogue.answered(taken(10)));
    HttpAnswer nine = taken(9);
    assertThrows(LoadFailedException.class, () -> dialogue.answered(nine));
  }

  /** The entries of the next request, whose head says how long it is. */
  private static JsonNode entries(SendToGroups dialogue) throws IOException {
    String[] parts = UTF_8.decode(dialogue.request()).toString().split("\r\n\r\n");
    assertTrue(parts[0].contains("X-Amz-Target: AmazonSQS.SendMessageBatch\r\n"));
    assertTrue(parts[0].endsWith("Content-Length: " + parts[1].length()));
    JsonNode json = new ObjectMapper().readTree(parts[1]);
    assertEquals("http://q", json.get("QueueUrl").asText());
    assertEquals(10, json.get("Entries").size());
    return json.get("Entries");
  }

  private static HttpAnswer taken(int count) {
    HttpAnswer answer = new HttpAnswer();
    String body = "\"MessageId\"".repeat(count);
    HttpAnswerTest.receive(
        answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    return answer;
  }
}
