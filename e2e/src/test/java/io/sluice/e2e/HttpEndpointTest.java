package io.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.SnsClient;

/** An HTTP endpoint subscribed to a topic of a real process, which dies in between. */
class HttpEndpointTest {

  private static final int MESSAGES = 20;
  private static final Pattern SUBSCRIBE_URL = Pattern.compile("\"SubscribeURL\" : \"([^\"]+)\"");

  /** Every second, for as long as a process takes to come back. */
  private static final String PATIENT =
      "{\"healthyRetryPolicy\":{\"minDelayTarget\":1,\"maxDelayTarget\":1,\"numRetries\":100}}";

  @TempDir Path folder;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient browser = HttpClient.newHttpClient();
  private volatile boolean isIll;
  private HttpServer endpoint;

  @BeforeEach
  void listen() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext("/", this::serve);
    endpoint.setExecutor(threads);
    endpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.stop(0);
    threads.close();
    browser.close();
  }

  @Test
  void it_gets_every_message_though_it_was_ill_and_the_process_was_killed() {
    try (SluiceProcess sluice = SluiceProcess.in(folder)) {
      String topic;
      try (SnsClient sns = sluice.sns()) {
        topic = sns.createTopic(r -> r.name("orders")).topicArn();
        subscribe(sns, topic);
        isIll = true;
        for (int i = 0; i < MESSAGES; i++) {
          String message = "m" + i;
          sns.publish(r -> r.topicArn(topic).message(message));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> !refused.isEmpty());
      }
      assertEquals(Set.of(), taken);

      sluice.killAndRestart();
      isIll = false;

      await().atMost(Duration.ofSeconds(90)).until(() -> taken.size() == MESSAGES);
      assertTrue(new TreeSet<>(taken).contains("m0"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> delivered(sluice.process().admin()) >= MESSAGES);
      try (SnsClient sns = sluice.sns()) {
        assertEquals(
            "1",
            sns.getTopicAttributes(r -> r.topicArn(topic))
                .attributes()
                .get("SubscriptionsConfirmed"));
      }
    }
  }

  /** What the metrics say. */
  private long delivered(String admin) throws Exception {
    String metrics =
        browser
            .send(
                HttpRequest.newBuilder(URI.create(admin + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    String line = "sluice_sns_deliveries_total{protocol=\"http\",outcome=\"delivered\"} ";
    return metrics
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToLong(each -> Long.parseLong(each.substring(line.length())))
        .sum();
  }

  private void subscribe(SnsClient sns, String topic) {
    sns.subscribe(
        r ->
            r.topicArn(topic)
                .protocol("http")
                .endpoint("http://127.0.0.1:" + endpoint.getAddress().getPort() + "/orders")
                .attributes(Map.of("DeliveryPolicy", PATIENT)));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                sns.getTopicAttributes(r -> r.topicArn(topic))
                    .attributes()
                    .get("SubscriptionsConfirmed")
                    .equals("1"));
  }

  /** Confirms by visiting the URL, as the endpoints of most applications do. */
  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    int status = 200;
    if (exchange.getRequestHeaders().getFirst("x-amz-sns-message-type").equals("Notification")) {
      (isIll ? refused : taken).add(body.replaceAll("(?s).*\"Message\" : \"([^\"]*)\".*", "$1"));
      status = isIll ? 503 : 200;
    } else {
      visit(body);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private void visit(String body) throws IOException {
    Matcher url = SUBSCRIBE_URL.matcher(body);
    assertTrue(url.find(), body);
    try {
      browser.send(
          HttpRequest.newBuilder(URI.create(url.group(1))).build(), BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
