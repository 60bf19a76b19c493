package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SendReceiveDeleteTest {

  private final SendReceiveDelete dialogue = new SendReceiveDelete("http://q", "hello");

  @Test
  void ten_are_sent_then_what_is_there_is_received_and_deleted() {
    assertEquals("SendMessageBatch", action());
    assertEquals(0, dialogue.answered(answer("\"MessageId\"".repeat(10))));
    assertEquals("ReceiveMessage", action());
    assertEquals(
        0, dialogue.answered(answer("{\"ReceiptHandle\":\"a\"},{\"ReceiptHandle\":\"b\"}")));
    assertEquals("DeleteMessageBatch", action());
    assertEquals(2, dialogue.answered(answer("{\"Id\":\"0\"},{\"Id\":\"1\"}")));
    assertEquals("SendMessageBatch", action());
  }

  @Test
  void an_empty_queue_gets_more() {
    action();
    dialogue.answered(answer("\"MessageId\"".repeat(10)));
    assertEquals("ReceiveMessage", action());
    assertEquals(0, dialogue.answered(answer("{}")));
    assertEquals("SendMessageBatch", action());
  }

  private String action() {
    String head = UTF_8.decode(dialogue.request()).toString();
    return head.replaceAll("(?s).*X-Amz-Target: AmazonSQS\\.(\\w+).*", "$1");
  }

  private static HttpAnswer answer(String body) {
    HttpAnswer answer = new HttpAnswer();
    HttpAnswerTest.receive(
        answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
    return answer;
  }
}
