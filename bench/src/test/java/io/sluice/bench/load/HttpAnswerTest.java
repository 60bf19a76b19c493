package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

  private static final String WITH_LENGTH =
      "HTTP/1.1 200 OK\r\nDate: today\r\ncOntent-Length:  11\r\nX: y\r\n\r\nhello\r\n\r\nid";
  private static final String CHUNKED =
      """
      HTTP/1.1 400 Bad Request\r
      Transfer-Encoding: chunked\r
      \r
      5;name=value\r
      hello\r
      A\r
      , 12345678\r
      0\r
      \r
      """;

  @Test
  void an_answer_with_a_length_may_be_split_anywhere() {
    for (int split = 1; split < WITH_LENGTH.length(); split++) {
      HttpAnswer answer = new HttpAnswer();
      assertFalse(receive(answer, WITH_LENGTH.substring(0, split)), "split at " + split);
      assertTrue(receive(answer, WITH_LENGTH.substring(split)), "split at " + split);
      assertEquals(200, answer.status());
      assertEquals("hello\r\n\r\nid", answer.body());
    }
  }

  @Test
  void chunks_are_joined_wherever_they_are_split() {
    for (int split = 1; split < CHUNKED.length(); split++) {
      HttpAnswer answer = new HttpAnswer();
      assertFalse(receive(answer, CHUNKED.substring(0, split)), "split at " + split);
      assertTrue(receive(answer, CHUNKED.substring(split)), "split at " + split);
      assertEquals(400, answer.status());
      assertEquals("hello, 12345678", answer.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH_LENGTH, CHUNKED})
  void an_answer_may_come_byte_by_byte_after_another(String text) {
    HttpAnswer answer = new HttpAnswer();
    assertTrue(receive(answer, CHUNKED));
    answer.clear();
    for (int at = 0; at < text.length() - 1; at++) {
      assertFalse(receive(answer, text.substring(at, at + 1)), "byte " + at);
    }
    assertTrue(receive(answer, text.substring(text.length() - 1)));
    assertTrue(answer.body().startsWith("hello"));
  }

  @Test
  void a_long_answer_has_room() {
    String body = "m".repeat(1_000_000);
    HttpAnswer answer = new HttpAnswer();
    assertTrue(receive(answer, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".concat(body)));
    assertEquals(body, answer.body());
  }

  @Test
  void a_body_may_be_empty() {
    HttpAnswer answer = new HttpAnswer();
    assertTrue(receive(answer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assertEquals("", answer.body());
    assertEquals(0, answer.count("a".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nDate: today\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void what_is_no_answer_fails_the_load(String text) {
    HttpAnswer answer = new HttpAnswer();
    assertThrows(LoadFailedException.class, () -> receive(answer, text));
  }

  @Test
  void parts_are_counted_in_the_body_only() {
    HttpAnswer answer = new HttpAnswer();
    receive(answer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nid: id\r\n\r\nid, id,id");
    assertEquals(3, answer.count("id".getBytes(UTF_8)));
  }

  /** Hands the text over as a connection would. */
  static boolean receive(HttpAnswer answer, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    boolean complete = false;
    for (int at = 0; at < bytes.length; ) {
      var space = answer.space();
      int count = Math.min(space.remaining(), bytes.length - at);
      space.put(bytes, at, count);
      complete = answer.received(count);
      at += count;
    }
    return complete;
  }
}
