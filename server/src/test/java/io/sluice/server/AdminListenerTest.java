package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.sns.DeliveryCounters;
import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewMessage;
import io.sluice.broker.NewQueue;
import io.sluice.broker.NewRecord;
import io.sluice.broker.Queue;
import io.sluice.broker.ReceivedMessage;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin port over HTTP, with a broker behind it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminListenerTest {

  private static final Duration HIDDEN = Duration.ofMinutes(5);
  private static final String JSON = "application/json";

  private final HttpClient http = HttpClient.newHttpClient();
  private DiskLogStore log;
  private Broker broker;
  private AdminListener admin;
  private Queue dispatch;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    log = DiskLogStore.open(folder, LogStoreOptions.defaults());
    broker = Broker.open(log, folder, BrokerOptions.defaults());
    admin = AdminListener.start("127.0.0.1", 0);
    admin.ready(broker, List::of, () -> MetricsPage.of(new DeliveryCounters()));
  }

  @BeforeEach
  void createQueue() {
    dispatch = broker.queues().create(NewQueue.named("dispatch"));
  }

  @AfterEach
  void deleteQueue() {
    broker.queues().delete("dispatch");
  }

  @AfterAll
  void stop() throws Exception {
    http.close();
    admin.close();
    broker.close();
    log.close();
  }

  @Test
  void metrics_are_in_the_format_of_prometheus() throws Exception {
    URI metrics = URI.create(admin.endpoint() + "/metrics");
    HttpResponse<String> page =
        http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());

    assertEquals(200, page.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        page.headers().firstValue("Content-Type").orElseThrow());
    List<String> lines = page.body().lines().toList();
    assertEquals("# TYPE sluice_sns_deliveries_total counter", lines.get(1));
    assertEquals(
        "sluice_sns_deliveries_total{protocol=\"http\",outcome=\"delivered\"} 0", lines.get(2));
    assertEquals(10, lines.size());
  }

  @Test
  void nothing_is_ready_until_every_door_answers() throws Exception {
    try (AdminListener starting = AdminListener.start("127.0.0.1", 0)) {
      URI health = URI.create(starting.endpoint() + "/healthz");
      URI rewind = URI.create(starting.endpoint() + "/v1/queues/dispatch/rewind");
      assertEquals(503, status(HttpRequest.newBuilder(health).build()));
      assertEquals(
          503,
          status(
              HttpRequest.newBuilder(rewind)
                  .header("Content-Type", JSON)
                  .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"earliest\"}"))
                  .build()));

      List<String> faults = new CopyOnWriteArrayList<>();
      starting.ready(broker, () -> faults, () -> "");

      assertEquals(200, status(HttpRequest.newBuilder(health).build()));

      faults.add("flush of orders-0 failed: Input/output error");
      HttpResponse<String> red =
          http.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(503, red.statusCode());
      assertEquals("flush of orders-0 failed: Input/output error\n", red.body());
    }
    assertEquals("ok\n", get("/healthz").body());
  }

  private int status(HttpRequest request) throws Exception {
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void rewinding_brings_back_what_was_acknowledged_and_skips_what_was_not() throws Exception {
    String before = "2000-01-01T00:00:00Z";
    send("one");
    acknowledge("one");

    assertEquals("queue dispatch is at earliest\n", rewound("{\"to\":\"earliest\"}"));
    acknowledge("one");
    rewound("{\"to\":\"" + before + "\"}");
    acknowledge("one");
    rewound("{\"to\":\"" + before.replace("Z", "+02:00") + "\"}");
    acknowledge("one");

    rewound("{\"to\":\"earliest\"}");
    rewound("{\"to\":\"latest\"}");
    send("two");
    acknowledge("two");

    rewound("{\"to\":\"earliest\"}");
    rewound("{\"to\":\"2999-01-01T00:00:00Z\"}");
    send("three");
    acknowledge("three");

    rewound("{\"to\":\"offset:2\"}");
    acknowledge("three");
    rewound("{\"to\":\"queue.dispatch-0:2\"}");
    acknowledge("three");
    assertEquals(400, rewind("dispatch", JSON, "{\"to\":\"other-0:2\"}").statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.998Z", "-100000-01-01T00:00:00Z"})
  void an_instant_before_all_time_is_the_earliest(String instant) throws Exception {
    send("one");
    acknowledge("one");

    rewound("{\"to\":\"" + instant + "\"}");

    acknowledge("one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"max\":0}",
        "{\"max\":1001}",
        "{\"max\":-1}",
        "{\"max\":1.5}",
        "{\"max\":99999999999}",
        "{\"max\":\"many\"}",
        "{\"max\":[1]}",
      })
  void a_look_wants_a_number_of_messages(String body) throws Exception {
    HttpResponse<String> answer = post("dispatch", "peek", JSON, body);

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals("the body must be {\"max\": a number from 1 to 1000}\n", answer.body());
  }

  @Test
  void a_look_takes_no_message() throws Exception {
    send("one");

    HttpResponse<String> answer = post("dispatch", "peek", JSON, "{\"max\": 10}");

    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"state\":\"available\""), answer.body());
    assertEquals(1, answer.body().lines().count());
    acknowledge("one");
    assertEquals("", post("dispatch", "peek", JSON, "{\"max\": 10}").body());
    assertEquals(404, post("missing", "peek", JSON, "{\"max\": 10}").statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "{",
        "{\"to\":\"earliest\"",
        "{\"to\":\"earliest\"} and more",
        "[]",
        "null",
        "\"earliest\"",
        "{}",
        "{\"to\":null}",
        "{\"to\":1}",
        "{\"to\":{\"to\":\"earliest\"}}",
        "{\"to\":[\"earliest\"]}",
        "{\"to\":\"\"}",
        "{\"to\":\"Earliest\"}",
        "{\"to\":\"yesterday\"}",
        "{\"to\":\"offset:-1\"}",
        "{\"to\":\"queue.dispatch-0\"}",
        "{\"to\":\"2026-01-31\"}",
        "{\"to\":\"2026-01-31T12:00:00\"}",
        "{\"to\":\"2026-02-30T12:00:00Z\"}",
        "{\"to\":\"+1000000000-12-31T23:59:59Z\"}",
      })
  void a_body_that_names_no_point_changes_nothing(String body) throws Exception {
    send("one");
    acknowledge("one");

    HttpResponse<String> answer = rewind("dispatch", JSON, body);

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(
        "the body must be {\"to\": TO}, where TO is earliest, latest, an instant such as"
            + " 2026-01-31T12:00:00Z, offset:N, or TOPIC-PARTITION:N\n",
        answer.body());
    assertEquals(List.of(), dispatch.receive(10, HIDDEN, Duration.ZERO));
  }

  @Test
  void json_nested_without_end_is_bad_json() throws Exception {
    assertEquals(400, rewind("dispatch", JSON, "[".repeat(60_000)).statusCode());
    assertEquals(400, rewind("dispatch", JSON, "{\"to\":".repeat(9_000)).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
  void another_content_type_is_refused(String contentType) throws Exception {
    assertEquals(415, rewind("dispatch", contentType, "{\"to\":\"earliest\"}").statusCode());
  }

  @Test
  void no_content_type_is_refused_and_parameters_of_the_right_one_are_not() throws Exception {
    HttpRequest bare =
        HttpRequest.newBuilder(URI.create(admin.endpoint() + "/v1/queues/dispatch/rewind"))
            .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"earliest\"}"))
            .build();
    assertEquals(415, http.send(bare, HttpResponse.BodyHandlers.ofString()).statusCode());
    assertEquals(
        200,
        rewind("dispatch", "Application/JSON; charset=utf-8", "{\"to\":\"earliest\"}")
            .statusCode());
  }

  @Test
  void a_web_page_is_refused() throws Exception {
    HttpRequest page =
        request("dispatch", "rewind", JSON, "{\"to\":\"earliest\"}")
            .header("Origin", "http://localhost:9644")
            .build();
    assertEquals(403, http.send(page, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "Dispatch",
        "dispatch%20",
        "..",
        "%2e%2e",
        "dispatch%2Frewind",
        "%00",
        "%0d%0aSet-Cookie:x",
        "%C3%A9t%C3%A9",
        "%F0%9F%9A%9A",
        "%",
        "%zz",
        "%ff",
      })
  void a_queue_that_does_not_exist_is_not_found_whatever_its_name(String name) throws Exception {
    int status = status(raw("POST /v1/queues/" + name + "/rewind HTTP/1.1", "{\"to\":\"latest\"}"));

    assertTrue(status == 404 || status == 400, name + ": " + status);
    assertTrue(broker.queues().find("dispatch").isPresent());
    assertEquals("queue dispatch is at latest\n", rewound("{\"to\":\"latest\"}"));
  }

  @Test
  void a_name_may_be_percent_encoded() throws Exception {
    assertEquals(200, rewind("%64ispatch", JSON, "{\"to\":\"latest\"}").statusCode());
  }

  @Test
  void a_name_too_long_for_any_queue_is_refused() throws Exception {
    int status = status(raw("POST /v1/queues/" + "q".repeat(100_000) + "/rewind HTTP/1.1", "{}"));
    assertTrue(status >= 400 && status < 500, "status " + status);
    assertEquals("queue dispatch is at latest\n", rewound("{\"to\":\"latest\"}"));
  }

  @RepeatedTest(10)
  void an_oversized_body_is_refused_whether_its_length_is_announced_or_not() throws Exception {
    // More than fits into socket buffers: the refusal must reach a client that is still sending.
    String large = "{\"to\":\"latest\",\"filler\":\"" + "x".repeat(16_000_000) + "\"}";

    assertEquals(413, rewind("dispatch", JSON, large).statusCode());
    String chunked =
        "POST /v1/queues/dispatch/rewind HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + JSON
            + "\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(large.length())
            + "\r\n"
            + large
            + "\r\n0\r\n\r\n";
    assertEquals(413, status(exchange(chunked)));
    assertEquals("queue dispatch is at latest\n", rewound("{\"to\":\"latest\"}"));
  }

  @Test
  void a_chunk_without_a_length_is_a_bad_request() throws Exception {
    String chunked =
        "POST /v1/queues/dispatch/rewind HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + JSON
            + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n";
    assertEquals(400, status(exchange(chunked)));
    assertEquals("queue dispatch is at latest\n", rewound("{\"to\":\"latest\"}"));
  }

  @Test
  void other_paths_and_methods_are_not_found() throws Exception {
    assertEquals(404, get("/").statusCode());
    assertEquals(404, get("/v1/queues/dispatch/rewind").statusCode());
    assertEquals(404, get("/v1/queues//rewind").statusCode());
  }

  @Test
  void garbage_is_a_bad_request() throws Exception {
    assertEquals(400, status(exchange("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")));
    assertEquals("queue dispatch is at latest\n", rewound("{\"to\":\"latest\"}"));
  }

  @Test
  void a_port_in_use_is_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      IOException refused =
          assertThrows(IOException.class, () -> AdminListener.start("127.0.0.1", port).close());
      assertTrue(
          String.valueOf(refused.getMessage()).contains("127.0.0.1:" + port), refused.getMessage());
    }
  }

  private void send(String body) {
    byte[] value = body.getBytes(StandardCharsets.UTF_8);
    dispatch
        .send(List.of(new NewMessage(new NewRecord(null, value, List.of()), Duration.ZERO)))
        .forEach(sent -> sent.join());
  }

  /** Receives that one message, and nothing else, and acknowledges it. */
  private void acknowledge(String body) throws InterruptedException {
    List<ReceivedMessage> received = dispatch.receive(10, HIDDEN, Duration.ofSeconds(10));
    assertEquals(1, received.size());
    assertEquals(body, value(received.getFirst()));
    dispatch.acknowledge(List.of(received.getFirst().receipt())).join();
  }

  private static String value(ReceivedMessage message) {
    return StandardCharsets.UTF_8.decode(message.record().value()).toString();
  }

  private String rewound(String body) throws Exception {
    HttpResponse<String> answer = rewind("dispatch", JSON, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private HttpResponse<String> rewind(String queue, String contentType, String body)
      throws Exception {
    return post(queue, "rewind", contentType, body);
  }

  private HttpResponse<String> post(String queue, String action, String contentType, String body)
      throws Exception {
    return http.send(
        request(queue, action, contentType, body).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(
      String queue, String action, String contentType, String body) {
    return HttpRequest.newBuilder(
            URI.create(admin.endpoint() + "/v1/queues/" + queue + "/" + action))
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(admin.endpoint() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String requestLine, String body) throws IOException {
    return exchange(
        requestLine
            + "\r\nHost: localhost\r\nContent-Type: "
            + JSON
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** Sends bytes that no client library would, and reads the status line of the answer. */
  private String exchange(String request) throws IOException {
    URI endpoint = URI.create(admin.endpoint());
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder line = new StringBuilder();
      for (int b = socket.getInputStream().read();
          b >= 0 && b != '\n';
          b = socket.getInputStream().read()) {
        line.append((char) b);
      }
      return line.toString();
    }
  }

  private static int status(String statusLine) {
    assertTrue(statusLine.startsWith("HTTP/1.1 "), statusLine);
    return Integer.parseInt(statusLine.substring(9, 12));
  }
}
