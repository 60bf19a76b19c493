package io.sluice.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** Clients that send or read large things slowly do not take the broker's memory. */
class HttpMemoryTest {

  /** More than the kernel buffers of a connection. */
  private static final String LARGE_ANSWER = "a".repeat(24 << 20);

  private static final String LARGE_BODY = "b".repeat(150 << 10);
  private static final String SEND = "AmazonSQS.SendMessage";

  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch waited = new CountDownLatch(1);

  /** Does what the message asks for. */
  private final FakeService service =
      new FakeService(
          request -> {
            String asked = ((SendMessageRequest) request).messageBody();
            if (asked.equals("wait")) {
              waiting.countDown();
              waited.await();
            }
            return SendMessageResponse.builder()
                .messageId(asked.equals("large") ? LARGE_ANSWER : "small")
                .build();
          });

  @Test
  void a_large_body_waits_until_another_leaves_room() throws IOException {
    try (AwsListener listener = listener(Duration.ofSeconds(60));
        RawHttp slow = new RawHttp(listener);
        RawHttp waiting = new RawHttp(listener);
        RawHttp small = new RawHttp(listener)) {
      takeRoom(slow);
      waiting.send(send(LARGE_BODY));
      assertEquals(200, small.send(send("x")).response().status());
      slow.close();
      assertEquals(200, waiting.response().status());
    }
  }

  @Test
  void a_large_body_without_room_is_refused_and_the_connection_lives() throws IOException {
    try (AwsListener listener = listener(Duration.ZERO);
        RawHttp slow = new RawHttp(listener);
        RawHttp refused = new RawHttp(listener)) {
      takeRoom(slow);
      RawHttp.Response response = refused.send(send(LARGE_BODY)).response();
      assertEquals(503, response.status());
      assertEquals("ServiceUnavailable;Receiver", response.headers().get("x-amzn-query-error"));
      assertEquals(200, refused.send(send("x")).response().status());

      assertEquals(200, slow.send(LARGE_BODY.substring(1) + "\"}").response().status());
      assertEquals(200, refused.send(send(LARGE_BODY)).response().status());
    }
  }

  @Test
  void a_body_in_chunks_takes_no_more_than_its_length_while_its_call_waits() throws Exception {
    try (AwsListener listener = listener(Duration.ZERO);
        RawHttp chunked = new RawHttp(listener);
        RawHttp other = new RawHttp(listener)) {
      String body = "{\"QueueUrl\":\"u\",\"MessageBody\":\"wait\"}";
      chunked.send(
          "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
              .formatted(SEND, body.length(), body));
      waiting.await();
      assertEquals(200, other.send(send(LARGE_BODY)).response().status());
      waited.countDown();
      assertEquals(200, chunked.response().status());
    }
  }

  @Test
  void an_answer_that_nobody_reads_leaves_others_no_room_until_it_is_read() throws IOException {
    try (AwsListener listener = listener(Duration.ZERO);
        RawHttp slow = new RawHttp(listener);
        RawHttp other = new RawHttp(listener)) {
      slow.send(send("large") + send("x"));
      assertEquals("HTTP/1.1 200 OK", slow.line());

      RawHttp.Response response = other.send(send("large")).response();
      assertEquals(503, response.status());
      assertTrue(response.body().contains("ServiceUnavailable"), response.body());
      assertEquals(200, other.send(send("x")).response().status());

      while (!slow.line().contains(LARGE_ANSWER)) {}
      assertEquals(200, other.send(send("large")).response().status());
    }
  }

  /** Sends all of a large body but the end, and sees that the listener is reading it. */
  private static void takeRoom(RawHttp slow) throws IOException {
    String start = "{\"QueueUrl\":\"u\",\"MessageBody\":\"";
    slow.send(
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: %s\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
            .formatted(SEND, start.length() + LARGE_BODY.length() + 2));
    assertEquals("HTTP/1.1 100 Continue", slow.line());
    assertEquals("", slow.line());
    slow.send(start + "b");
  }

  private static String send(String body) {
    return RawHttp.json(SEND, "{\"QueueUrl\":\"u\",\"MessageBody\":\"" + body + "\"}");
  }

  private AwsListener listener(Duration bodyWait) {
    return AwsListener.start(
        AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
        List.of(service.as(SqsClient.class)),
        new HttpMemory(200 << 10, bodyWait, 1 << 20));
  }
}
