package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiveAndDeleteTest {

  private static final String RECEIVE = "{\"QueueUrl\":\"http://q\",\"MaxNumberOfMessages\":10}";

  private final ReceiveAndDelete dialogue = new ReceiveAndDelete("http://q");

  @Test
  void what_was_received_is_deleted() {
    assertEquals(RECEIVE, request("ReceiveMessage"));
    assertEquals(0, dialogue.answered(messages(2)));

    assertEquals(
        "{\"QueueUrl\":\"http://q\",\"Entries\":["
            + "{\"Id\":\"0\",\"ReceiptHandle\":\"handle#0\"},"
            + "{\"Id\":\"1\",\"ReceiptHandle\":\"handle#1\"}]}",
        request("DeleteMessageBatch"));
    assertEquals(2, dialogue.answered(deleted(2)));

    assertEquals(RECEIVE, request("ReceiveMessage"));
    assertEquals(0, dialogue.answered(messages(10)));
    request("DeleteMessageBatch");
    assertEquals(10, dialogue.answered(deleted(10)));
  }

  @Test
  void nothing_received_is_nothing_to_delete() {
    request("ReceiveMessage");
    assertEquals(0, dialogue.answered(answer("{}")));
    assertEquals(RECEIVE, request("ReceiveMessage"));
    assertEquals(0, dialogue.answered(answer("{\"Messages\":[]}")));
    assertEquals(RECEIVE, request("ReceiveMessage"));
  }

  @Test
  void a_deletion_that_fails_in_part_fails_the_load() {
    dialogue.answered(messages(2));
    request("DeleteMessageBatch");
    HttpAnswer partly =
        answer("{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[{\"Id\":\"1\",\"Code\":\"no\"}]}");
    assertThrows(LoadFailedException.class, () -> dialogue.answered(partly));
  }

  @Test
  void more_than_ten_fail_the_load() {
    assertThrows(LoadFailedException.class, () -> dialogue.answered(messages(11)));
  }

  private static HttpAnswer messages(int count) {
    return answer(
        IntStream.range(0, count)
            .mapToObj(
                "{\"MessageId\":\"m\",\"ReceiptHandle\":\"handle#%d\",\"Body\":\"b\"}"::formatted)
            .collect(Collectors.joining(",", "{\"Messages\":[", "]}")));
  }

  private static HttpAnswer deleted(int count) {
    return answer(
        IntStream.range(0, count)
            .mapToObj("{\"Id\":\"%d\"}"::formatted)
            .collect(Collectors.joining(",", "{\"Successful\":[", "]}")));
  }

  private static HttpAnswer answer(String body) {
    HttpAnswer answer = new HttpAnswer();
    HttpAnswerTest.receive(
        answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    return answer;
  }

  /** The body of the next request, which says its length and has this action. */
  private String request(String action) {
    String[] parts = UTF_8.decode(dialogue.request()).toString().split("\r\n\r\n");
    String length = "Content-Length: " + parts[1].length();
    assertEquals(
        2, parts[0].lines().filter(line -> line.endsWith(action) || line.equals(length)).count());
    return parts[1];
  }
}
