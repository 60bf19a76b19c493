package io.sluice.aws.sns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.aws.message.Json;
import io.sluice.aws.sns.DeliveryCounters.Outcome;
import io.sluice.aws.testing.Certificate;
import io.sluice.aws.testing.EmbeddedServices;
import io.sluice.aws.testing.HttpEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Endpoints that speak TLS with a certificate of their own. Whom to trust is the JVM's setting
 * ({@code javax.net.ssl.trustStore}), which these tests change as a program does.
 */
class HttpsDeliveriesTest {

  private static final String ONE_RETRY =
      "{\"healthyRetryPolicy\":{\"minDelayTarget\":5,\"maxDelayTarget\":5,\"numRetries\":1}}";

  private static SSLContext before;
  private static SSLContext trusted;

  private HttpEndpoint endpoint;
  @RegisterExtension final EmbeddedServices services = new EmbeddedServices();
  private String topic;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    before = SSLContext.getDefault();
    trusted = Certificate.in(folder).trusted();
    SSLContext.setDefault(trusted);
  }

  @BeforeEach
  void open() {
    endpoint = new HttpEndpoint(trusted);
    topic = services.topic("orders");
  }

  @AfterEach
  void close() {
    SSLContext.setDefault(trusted);
    endpoint.close();
  }

  @AfterAll
  static void trustAsBefore() {
    SSLContext.setDefault(before);
  }

  @Test
  void an_endpoint_that_the_jvm_trusts_is_asked_and_gets_its_messages() throws Exception {
    subscribe(Map.of());

    publish("{\"default\":\"for all\",\"http\":\"in the open\",\"https\":\"secret\"}");

    assertEquals("secret", endpoint.next().body());
    counted(Outcome.DELIVERED, 1);
    assertEquals(0, services.deliveries().of("http", Outcome.DELIVERED));
  }

  @Test
  void what_an_untrusted_endpoint_cannot_get_is_tried_again_and_becomes_a_dead_letter()
      throws Exception {
    String deadLetters = services.queue("dead");
    subscribe(
        Map.of(
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + EmbeddedServices.queueArn("dead") + "\"}"));
    SSLContext.setDefault(before);
    services.restart();

    publish("{\"default\":\"for all\",\"https\":\"secret\"}");

    counted(Outcome.RETRIED, 1);
    assertEquals(List.of(), services.receive(deadLetters), "it is tried again first");
    services.clock().advance(Duration.ofSeconds(5));
    counted(Outcome.REDRIVEN, 1);
    assertEquals("secret", services.receiveOne(deadLetters).body());
    assertEquals(List.of(), endpoint.rest(), "nothing was said before it was known to whom");
  }

  @Test
  void what_failed_comes_when_the_endpoint_is_trusted_again() throws Exception {
    subscribe(Map.of());
    SSLContext.setDefault(before);
    services.restart();
    publish("{\"default\":\"late\"}");
    counted(Outcome.RETRIED, 1);

    SSLContext.setDefault(trusted);
    services.restart();
    services.clock().advance(Duration.ofSeconds(5));

    assertEquals("late", endpoint.next().body());
    counted(Outcome.DELIVERED, 1);
  }

  @Test
  void a_server_that_speaks_no_tls_gets_nothing_over_https() throws Exception {
    String deadLetters = services.queue("dead");
    subscribe(
        Map.of(
            "RedrivePolicy",
            "{\"deadLetterTargetArn\":\"" + EmbeddedServices.queueArn("dead") + "\"}"));
    int port = endpoint.port();
    services.restart(); // with it goes the connection that the confirmation left open
    endpoint.close();

    try (OpenServer open = new OpenServer(port)) {
      publish("{\"default\":\"for all\"}");
      counted(Outcome.RETRIED, 1);
      services.clock().advance(Duration.ofSeconds(5));
      counted(Outcome.REDRIVEN, 1);
      assertEquals("for all", services.receiveOne(deadLetters).body());
      assertEquals(2, open.heard.size(), "it was tried twice");
      assertTrue(open.heard.stream().noneMatch(said -> said.contains("for all")));
    }
  }

  /** A server of HTTP without TLS: keeps what it hears first on each connection, and refuses it. */
  private static final class OpenServer implements AutoCloseable {
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final ServerSocket socket;

    OpenServer(int port) throws IOException {
      socket = new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      byte[] first = new byte[64 << 10];
      try {
        while (true) {
          try (Socket connection = socket.accept()) {
            refuse(connection, first);
          }
        }
      } catch (SocketException _) {
        // It was closed.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void refuse(Socket connection, byte[] first) throws IOException {
      int length = connection.getInputStream().read(first);
      heard.add(new String(first, 0, Math.max(0, length), ISO_8859_1));
      try {
        byte[] refusal = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1);
        connection.getOutputStream().write(refusal);
      } catch (SocketException _) {
        // The client was gone first; the next one is heard as well.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void subscribe(Map<String, String> attributes) throws Exception {
    Map<String, String> all = new java.util.HashMap<>(attributes);
    all.put("RawMessageDelivery", "true");
    all.put("DeliveryPolicy", ONE_RETRY);
    services
        .sns()
        .subscribe(
            r ->
                r.topicArn(topic)
                    .protocol("https")
                    .endpoint(endpoint.url("/orders"))
                    .attributes(all));
    String token = String.valueOf(Json.object(endpoint.next().body()).get("Token"));
    services.sns().confirmSubscription(r -> r.topicArn(topic).token(token));
  }

  private void publish(String message) {
    services.sns().publish(r -> r.topicArn(topic).messageStructure("json").message(message));
  }

  private void counted(Outcome outcome, long times) {
    services.awaitDeliveries("https", outcome, times);
  }
}
