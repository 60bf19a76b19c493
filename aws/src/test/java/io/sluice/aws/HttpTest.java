package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** How the listener behaves as an HTTP server. */
class HttpTest {

  private static final String SEND = "AmazonSQS.SendMessage";

  private volatile FakeService.Behaviour behaviour =
      request -> SendMessageResponse.builder().messageId("ok").build();
  private final FakeService service = new FakeService(request -> behaviour.answer(request));
  private final AwsListener listener =
      AwsListener.start(
          AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0), List.of(service.as(SqsClient.class)));

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void requests_on_one_connection_may_be_pipelined() throws IOException {
    behaviour =
        request ->
            SendMessageResponse.builder()
                .messageId(((SendMessageRequest) request).messageBody())
                .build();
    try (RawHttp http = new RawHttp(listener)) {
      http.send(send("1") + send("2") + RawHttp.json(SEND, "{") + send("3"));

      assertEquals("{\"MessageId\":\"1\"}", http.response().body());
      assertEquals("{\"MessageId\":\"2\"}", http.response().body());
      assertEquals(400, http.response().status());
      assertEquals("{\"MessageId\":\"3\"}", http.response().body());
    }
  }

  @Test
  void a_body_may_come_in_chunks() throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      http.send(head("Transfer-Encoding: chunked"));
      http.send("10\r\n{\"QueueUrl\":\"u\",\r\n").send("13\r\n\"MessageBody\":\"abc\"\r\n");
      http.send("1\r\n}\r\n0\r\n\r\n");
      assertEquals(200, http.response().status());
      assertEquals("abc", ((SendMessageRequest) service.request()).messageBody());
      assertEquals(200, http.send(send("again")).response().status());
    }
  }

  @Test
  void a_client_may_wait_for_100_continue() throws IOException {
    String body = "{\"QueueUrl\":\"u\",\"MessageBody\":\"abc\"}";
    try (RawHttp http = new RawHttp(listener)) {
      http.send(head("Expect: 100-continue\r\nContent-Length: " + body.length()));
      assertEquals("HTTP/1.1 100 Continue", http.line());
      assertEquals("", http.line());
      assertEquals(200, http.send(body).response().status());
      assertEquals(200, http.send(send("again")).response().status());
    }
  }

  @Test
  void an_answer_to_head_has_no_body() throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      http.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + send("next"));

      assertEquals("HTTP/1.1 405 Method Not Allowed", http.line());
      for (String line = http.line(); !line.isEmpty(); ) {
        line = http.line();
      }
      assertEquals(200, http.response().status());
    }
  }

  @Test
  void a_body_over_the_limit_is_refused_and_the_connection_lives() throws IOException {
    String big =
        "{\"QueueUrl\":\"u\",\"MessageBody\":\"" + "x".repeat(HttpLimits.MAX_BODY_BYTES) + "\"}";
    try (RawHttp http = new RawHttp(listener)) {
      RawHttp.Response response = http.send(RawHttp.json(SEND, big)).response();
      assertEquals(413, response.status());
      assertTrue(response.body().contains("RequestEntityTooLarge"), response.body());
      assertEquals(200, http.send(send("again")).response().status());
    }
  }

  @Test
  void the_longest_body_that_is_allowed_arrives() throws IOException {
    String start = "{\"QueueUrl\":\"u\",\"MessageBody\":\"";
    String text = "x".repeat(HttpLimits.MAX_BODY_BYTES - start.length() - 2);
    RawHttp.Response response =
        RawHttp.exchange(listener, RawHttp.json(SEND, start + text + "\"}"));
    assertEquals(200, response.status(), response.body());
    assertEquals(text.length(), ((SendMessageRequest) service.request()).messageBody().length());
  }

  @Test
  void a_body_that_nobody_could_mean_is_refused_unread() throws IOException {
    for (String length : List.of("Content-Length: 9999999999", "Transfer-Encoding: chunked")) {
      try (RawHttp http = new RawHttp(listener)) {
        RawHttp.Response response = http.send(head(length) + "7fffffff\r\n").response();
        assertEquals(413, response.status());
        assertTrue(response.body().contains("\"__type\""), response.body());
        assertTrue(http.isEnded());
      }
    }
  }

  @Test
  void a_connection_ends_when_the_client_asks_for_it() throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      http.send(RawHttp.get("/", "Connection: close"));
      RawHttp.Response response = http.response();
      assertEquals(200, response.status());
      assertEquals("close", response.headers().get("connection"));
      assertTrue(http.isEnded());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F@O / HTTP/1.1", "GET", "GET / HTTP/9.9", "PRI * HTTP/2.0"})
  void a_request_line_that_is_none_is_refused(String line) throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      assertEquals(400, http.send(line + "\r\nHost: x\r\n\r\n").response().status());
      assertTrue(http.isEnded());
    }
  }

  @Test
  void a_chunk_that_is_none_is_refused() throws IOException {
    try (RawHttp http = new RawHttp(listener)) {
      assertEquals(
          400, http.send(head("Transfer-Encoding: chunked") + "zz\r\n{}").response().status());
      assertTrue(http.isEnded());
    }
  }

  @Test
  void what_is_no_http_ends_the_connection() throws IOException {
    byte[] tlsHello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, '\r', '\n', '\r', '\n'};
    List<byte[]> garbage =
        List.of(
            tlsHello,
            "garbage\r\n\r\n".getBytes(UTF_8),
            "GET / HTTP/9.9\r\n\r\n".getBytes(UTF_8),
            "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8),
            ("GET /" + "x".repeat(HttpLimits.MAX_REQUEST_LINE_BYTES)).getBytes(UTF_8),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: "
                    + "x".repeat(HttpLimits.MAX_HEADER_BYTES)
                    + "\r\n\r\n")
                .getBytes(UTF_8),
            head("Content-Length: -1").getBytes(UTF_8),
            head("Content-Length: x").getBytes(UTF_8),
            head("Content-Length: 2\r\nTransfer-Encoding: chunked").getBytes(UTF_8));
    for (byte[] bytes : garbage) {
      try (RawHttp http = new RawHttp(listener)) {
        http.send(bytes);
        String status = http.line();
        assertTrue(status.isEmpty() || status.startsWith("HTTP/1.1 4"), status);
        while (!http.line().isEmpty()) {}
        while (!http.isEnded()) {}
      }
    }
    assertEquals(200, RawHttp.exchange(listener, send("alive")).status());
  }

  @Test
  void a_stalled_request_is_cut_off_wherever_it_stalls() throws IOException {
    try (AwsListener impatient =
        AwsListener.start(
            AwsListenerOptions.DEFAULTS.at("127.0.0.1", 0),
            List.of(service.as(SqsClient.class)),
            HttpMemory.ofHeap(),
            Duration.ofMillis(100),
            Duration.ofMillis(50))) {
      for (String start :
          List.of("", "PO", "POST / HTTP/1.1\r\nHost: h\r\n", head("Content-Length: 9") + "{")) {
        try (RawHttp http = new RawHttp(impatient)) {
          http.send(start);
          while (!http.isEnded()) {}
        }
      }
    }
  }

  @Test
  void web_pages_of_other_sites_are_refused() throws IOException {
    for (String header :
        List.of(
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: http://localhost.evil.example",
            "Origin: file://",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
            "Sec-Fetch-Site: same-origin")) {
      RawHttp.Response response =
          RawHttp.exchange(
              listener,
              RawHttp.post("/000000000000/q", header, "Action=SendMessage&MessageBody=b"));
      assertEquals(403, response.status(), header);
      response =
          RawHttp.exchange(
              listener, RawHttp.get("/000000000000/q?Action=SendMessage&MessageBody=b", header));
      assertEquals(403, response.status(), header);
    }
    assertFalse(service.wasCalled());
  }

  @Test
  void pages_of_this_machine_and_people_are_served() throws IOException {
    for (String header :
        List.of(
            "Origin: http://localhost:9644",
            "Origin: http://127.0.0.1",
            "Origin: http://[::1]:9644",
            "Sec-Fetch-Site: none")) {
      assertEquals(
          200,
          RawHttp.exchange(
                  listener,
                  RawHttp.post("/000000000000/q", header, "Action=SendMessage&MessageBody=b"))
              .status(),
          header);
    }
  }

  @Test
  void a_call_knows_who_made_it_and_where() throws IOException {
    RawHttp.Response response =
        RawHttp.exchange(
            listener,
            RawHttp.post(
                "/000000000000/q",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/ap-south-1/sqs/"
                    + "aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
                "Action=SendMessage&MessageBody=b"));
    CallContext context = service.context();
    assertEquals("ap-south-1", context.region());
    assertEquals("AKIDEXAMPLE", context.accessKeyId().orElseThrow());
    assertEquals("http://sqs.test:4566", context.endpoint().toString());
    assertEquals("000000000000", context.accountId());
    assertEquals(response.headers().get("x-amzn-requestid"), context.requestId());

    RawHttp.exchange(
        listener,
        RawHttp.get(
            "/000000000000/q?Action=SendMessage&MessageBody=b&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKID%2F20261121%2Fsa-east-1%2Fsqs%2Faws4_request"));
    assertEquals("sa-east-1", service.context().region());

    RawHttp.exchange(listener, send("unsigned"));
    assertEquals("us-east-1", service.context().region());
    assertTrue(service.context().accessKeyId().isEmpty());
    assertEquals("us-east-1", CallContext.current().region());
  }

  @Test
  void the_async_client_is_served() {
    try (SqsAsyncClient client =
        SdkClients.configured(SqsAsyncClient.builder(), listener.endpoint())
            .checksumValidationEnabled(false)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .build()) {
      List<CompletableFuture<SendMessageResponse>> responses =
          IntStream.range(0, 200)
              .mapToObj(i -> client.sendMessage(r -> r.queueUrl("u").messageBody("b" + i)))
              .toList();
      responses.forEach(response -> assertEquals("ok", response.join().messageId()));
    }
  }

  @Test
  void closing_ends_a_long_poll_with_its_answer() throws Exception {
    CountDownLatch polling = pollUntilAbandoned();
    try (RawHttp http = new RawHttp(listener)) {
      http.send(RawHttp.json("AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"u\"}"));
      assertTrue(polling.await(10, TimeUnit.SECONDS));

      listener.close();

      RawHttp.Response response = http.response();
      assertEquals(200, response.status());
      assertEquals("{}", response.body());
      assertTrue(http.isEnded());
      assertThrows(IOException.class, () -> new RawHttp(listener).close());
    }
  }

  @Test
  void closing_lets_a_call_finish_and_never_interrupts_it() throws Exception {
    CountDownLatch calling = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    behaviour =
        request -> {
          calling.countDown();
          closing.await();
          return SendMessageResponse.builder().messageId("in time").build();
        };
    try (RawHttp http = new RawHttp(listener)) {
      http.send(send("b"));
      assertTrue(calling.await(10, TimeUnit.SECONDS));
      service.context().abandoned().thenRun(closing::countDown);

      listener.close();

      assertEquals("{\"MessageId\":\"in time\"}", http.response().body());
    }
  }

  @Test
  void a_call_that_breaks_when_the_listener_closes_is_to_be_tried_again() throws Exception {
    CountDownLatch calling = new CountDownLatch(1);
    behaviour =
        request -> {
          CompletableFuture<Void> abandoned = CallContext.current().abandoned();
          calling.countDown();
          abandoned.join();
          throw new IllegalStateException("the broker is closed");
        };
    try (RawHttp http = new RawHttp(listener)) {
      http.send(send("b"));
      assertTrue(calling.await(10, TimeUnit.SECONDS));
      listener.close();
      assertEquals(503, http.response().status());
    }
  }

  @Test
  void a_poll_ends_when_its_client_goes() throws Exception {
    CountDownLatch polling = pollUntilAbandoned();
    try (RawHttp http = new RawHttp(listener)) {
      http.send(RawHttp.json("AmazonSQS.ReceiveMessage", "{\"QueueUrl\":\"u\"}"));
      assertTrue(polling.await(10, TimeUnit.SECONDS));
    }
    service.context().abandoned().get(10, TimeUnit.SECONDS);
    behaviour = request -> SendMessageResponse.builder().messageId("ok").build();
    assertEquals(200, RawHttp.exchange(listener, send("alive")).status());
  }

  @Test
  void what_is_sent_during_a_long_poll_is_answered_after_it() throws Exception {
    CountDownLatch polling = new CountDownLatch(1);
    CountDownLatch news = new CountDownLatch(1);
    behaviour =
        request -> {
          polling.countDown();
          news.await();
          return SendMessageResponse.builder().messageId("long").build();
        };
    try (RawHttp http = new RawHttp(listener)) {
      http.send(send("1"));
      assertTrue(polling.await(10, TimeUnit.SECONDS));
      // Longer than it takes until the listener reads ahead.
      assertFalse(news.await(1, TimeUnit.SECONDS));
      behaviour = request -> SendMessageResponse.builder().messageId("next").build();
      http.send(send("2")).send(send("3"));
      assertFalse(service.context().abandoned().isDone());
      news.countDown();
      assertEquals("{\"MessageId\":\"long\"}", http.response().body());
      assertEquals("{\"MessageId\":\"next\"}", http.response().body());
      assertEquals("{\"MessageId\":\"next\"}", http.response().body());
      assertEquals("{\"MessageId\":\"next\"}", http.send(send("4")).response().body());
    }
  }

  @Test
  void a_client_that_goes_away_does_no_harm() throws Exception {
    CountDownLatch polling = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    behaviour =
        request -> {
          polling.countDown();
          gone.await();
          return SendMessageResponse.builder().messageId("x".repeat(1 << 20)).build();
        };
    try (RawHttp http = new RawHttp(listener)) {
      http.send(send("b"));
      assertTrue(polling.await(10, TimeUnit.SECONDS));
    }
    gone.countDown();
    behaviour = request -> SendMessageResponse.builder().messageId("ok").build();
    assertEquals(200, RawHttp.exchange(listener, send("alive")).status());
  }

  @Test
  void an_address_in_use_is_named() {
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class,
            () ->
                AwsListener.start(
                    AwsListenerOptions.DEFAULTS.at("127.0.0.1", listener.port()), List.of()));
    assertTrue(e.getMessage().contains("127.0.0.1:" + listener.port()), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
  }

  private CountDownLatch pollUntilAbandoned() {
    CountDownLatch polling = new CountDownLatch(1);
    behaviour =
        request -> {
          CompletableFuture<Void> abandoned = CallContext.current().abandoned();
          polling.countDown();
          abandoned.join();
          return ReceiveMessageResponse.builder().build();
        };
    return polling;
  }

  private static String head(String headers) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-amz-json-1.0\r\n"
        + "X-Amz-Target: AmazonSQS.SendMessage\r\n"
        + headers
        + "\r\n\r\n";
  }

  private static String send(String body) {
    return RawHttp.json(SEND, "{\"QueueUrl\":\"u\",\"MessageBody\":\"" + body + "\"}");
  }
}
