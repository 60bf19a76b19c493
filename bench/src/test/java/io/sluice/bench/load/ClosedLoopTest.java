package io.sluice.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

  private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private int status = 200;
  private String answer = "{\"MessageId\":\"1\"}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    bodies.add(
        exchange.getRequestHeaders().getFirst("X-Amz-Target")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    byte[] body = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void every_connection_sends_until_the_limit() throws IOException {
    Load load = drive(Limit.units(100));

    assertEquals(bodies.size(), load.units());
    assertTrue(load.units() >= 100 && load.units() <= 102, "at most one more on each connection");
    assertEquals(
        List.of("AmazonSQS.SendMessage {\"QueueUrl\":\"http://q\",\"MessageBody\":\"hello\"}"),
        bodies.stream().distinct().toList());
    assertTrue(load.latencies().orElseThrow().p50Micros() > 0);
  }

  @Test
  void an_error_ends_the_load_and_says_what_it_was() {
    status = 503;
    answer = "slow down";
    LoadFailedException failed =
        assertThrows(LoadFailedException.class, () -> drive(Limit.units(100)));
    assertTrue(failed.getMessage().contains("503: slow down"), failed.getMessage());
  }

  @Test
  void an_answer_without_the_message_is_an_error() {
    answer = "{\"Successful\":[],\"Failed\":[{\"Id\":\"0\"}]}";
    assertThrows(LoadFailedException.class, () -> drive(Limit.units(100)));
  }

  private Load drive(Limit limit) throws IOException {
    int port = server.getAddress().getPort();
    return ClosedLoop.drive(
        port,
        List.of(
            Repeated.send("http://q", "hello", 1),
            Repeated.send("http://q", "hello", 1),
            Repeated.send("http://q", "hello", 1)),
        limit);
  }
}
