package io.sluice.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.sluice.broker.Broker;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.RewindPoint;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code GET /healthz}, which is 503 with a line for each fault of the disk, {@code
 * /metrics}, and {@code POST /v1/queues/NAME/rewind} with a JSON body {@code {"to": …}}, one of the
 * forms of {@link RewindPoint}, and {@code POST /v1/queues/NAME/peek} with {@code {"max": N}},
 * answered with a line of JSON per message. A web page cannot use it: it would send an {@code
 * Origin}, or could not send this content type. Handlers run on virtual threads.
 */
final class AdminListener implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(AdminListener.class);

  /** How many messages one look shows; the broker bounds their bytes. */
  private static final int MAX_PEEKED = 1_000;

  private final WebServer server;
  private final String host;

  /** Set when every door answers. */
  private volatile @Nullable Broker broker;

  private volatile Supplier<String> metrics = () -> "";
  private volatile Supplier<List<String>> faults = List::of;

  private AdminListener(String host, int port) {
    this.host = host;
    this.server =
        WebServer.builder().host(host).port(port).shutdownHook(false).routing(this::route).build();
  }

  /**
   * Starts to listen, and says that the server is starting.
   *
   * @throws IOException the address cannot be bound; the message names it
   */
  static AdminListener start(String host, int port) throws IOException {
    AdminListener listener = new AdminListener(host, port);
    try {
      listener.server.start();
    } catch (RuntimeException e) {
      listener.server.stop();
      throw new IOException("admin port " + host + ":" + port + " is not free", e);
    }
    // The HTTP server carries on when a socket cannot be bound; it has no port then.
    if (listener.server.port() <= 0) {
      listener.server.stop();
      throw new BindException("admin port " + host + ":" + port + " is not free");
    }
    return listener;
  }

  /**
   * Says from now on that every door answers, and administers this broker.
   *
   * @param faults what is wrong now, a sentence each
   * @param metrics what is shown of it, see {@link MetricsPage}
   */
  void ready(Broker broker, Supplier<List<String>> faults, Supplier<String> metrics) {
    this.faults = faults;
    this.metrics = metrics;
    this.broker = broker;
  }

  /** The URL that reaches it from this machine. */
  String endpoint() {
    boolean isAny = host.equals("0.0.0.0") || host.equals("::");
    String reachable = isAny ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return "http://" + reachable + ":" + server.port();
  }

  private void route(HttpRouting.Builder routing) {
    routing
        .any(AdminListener::refuseWebPages)
        .get("/healthz", this::health)
        .get("/metrics", this::metrics)
        .post("/v1/queues/{name}/rewind", this::rewind)
        .post("/v1/queues/{name}/peek", this::peek);
  }

  private static void refuseWebPages(ServerRequest request, ServerResponse response) {
    if (request.headers().contains(HeaderNames.ORIGIN)) {
      response.status(Status.FORBIDDEN_403).send("web pages may not use this port\n");
    } else {
      response.next();
    }
  }

  private void health(ServerRequest request, ServerResponse response) {
    if (broker == null) {
      answer(response, Status.SERVICE_UNAVAILABLE_503, "starting");
      return;
    }
    List<String> wrong = faults.get();
    if (wrong.isEmpty()) {
      answer(response, Status.OK_200, "ok");
    } else {
      answer(response, Status.SERVICE_UNAVAILABLE_503, String.join("\n", wrong));
    }
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    response
        .status(Status.OK_200)
        .header(HeaderNames.CONTENT_TYPE, MetricsPage.CONTENT_TYPE)
        .send(metrics.get());
  }

  /** What is done with a queue that exists. */
  private interface QueueAction {
    void act(Queue queue, Map<String, String> members, ServerResponse response);
  }

  private void withQueue(
      ServerRequest request, ServerResponse response, String rightBody, QueueAction action) {
    Broker ready = broker;
    if (ready == null) {
      answer(response, Status.SERVICE_UNAVAILABLE_503, "starting");
      return;
    }
    if (!AdminBody.isJson(request)) {
      answer(response, Status.UNSUPPORTED_MEDIA_TYPE_415, "the body must be application/json");
      return;
    }
    String name = request.path().pathParameters().get("name");
    Optional<Queue> queue = ready.queues().find(name);
    if (queue.isEmpty()) {
      answer(response, Status.NOT_FOUND_404, "no queue " + name);
      return;
    }
    try {
      action.act(queue.get(), AdminBody.members(request), response);
    } catch (AdminBody.TooLargeException e) {
      answer(
          response,
          Status.REQUEST_ENTITY_TOO_LARGE_413,
          "the body may have " + AdminBody.MAX_BYTES + " bytes");
    } catch (IOException | IllegalArgumentException e) {
      answer(response, Status.BAD_REQUEST_400, "the body must be " + rightBody);
    } catch (UnknownTopicOrPartitionException e) {
      answer(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (QueueDoesNotExistException e) {
      answer(response, Status.NOT_FOUND_404, "no queue " + name);
    }
  }

  private void rewind(ServerRequest request, ServerResponse response) {
    withQueue(
        request, response, "{\"to\": TO}, where TO is " + RewindPoint.FORMS, AdminListener::rewind);
  }

  private static void rewind(Queue queue, Map<String, String> members, ServerResponse response) {
    String to = String.valueOf(members.get("to"));
    RewindPoint.parse(to).move(queue);
    LOGGER.info("queue {} was moved to {}", queue.name(), to);
    answer(response, Status.OK_200, "queue " + queue.name() + " is at " + to);
  }

  private void peek(ServerRequest request, ServerResponse response) {
    withQueue(
        request, response, "{\"max\": a number from 1 to " + MAX_PEEKED + "}", AdminListener::peek);
  }

  private static void peek(Queue queue, Map<String, String> members, ServerResponse response) {
    int max = Integer.parseInt(String.valueOf(members.get("max")));
    if (max < 1 || max > MAX_PEEKED) {
      throw new NumberFormatException("max " + max);
    }
    response
        .status(Status.OK_200)
        .header(HeaderNames.CONTENT_TYPE, "application/x-ndjson")
        .send(PeekedLines.of(queue.peek(max)));
  }

  private static void answer(ServerResponse response, Status status, String message) {
    response.status(status).send(message + "\n");
  }

  @Override
  public void close() {
    server.stop();
  }
}
