package io.sluice.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.sluice.broker.Broker;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDoesNotExistException;
import io.sluice.broker.StartingPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code GET /healthz}, and {@code POST /v1/queues/NAME/rewind} with a JSON body
 * {@code {"to": "earliest" | "latest" | an instant}}. A web page cannot use it: it would send an
 * {@code Origin}, or could not send this content type. Handlers run on virtual threads.
 */
final class AdminListener implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(AdminListener.class);
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  private final WebServer server;
  private final String host;

  /** Set when every door answers. */
  private volatile @Nullable Broker broker;

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

  /** Says from now on that every door answers, and administers this broker. */
  void ready(Broker broker) {
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
        .post("/v1/queues/{name}/rewind", this::rewind);
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
    } else {
      answer(response, Status.OK_200, "ok");
    }
  }

  private void rewind(ServerRequest request, ServerResponse response) {
    Broker ready = broker;
    if (ready == null) {
      answer(response, Status.SERVICE_UNAVAILABLE_503, "starting");
      return;
    }
    if (!isJson(request)) {
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
      String to = destination(body(request));
      queue.get().rewind(startingPoint(String.valueOf(to)));
      LOGGER.info("queue {} was moved to {}", name, to);
      answer(response, Status.OK_200, "queue " + name + " is at " + to);
    } catch (BodyTooLargeException e) {
      answer(
          response,
          Status.REQUEST_ENTITY_TOO_LARGE_413,
          "the body may have " + MAX_BODY_BYTES + " bytes");
    } catch (IOException | DateTimeException | ArithmeticException e) {
      answer(
          response,
          Status.BAD_REQUEST_400,
          "the body must be {\"to\": \"earliest\"}, latest, or an instant such as"
              + " 2026-01-31T12:00:00Z");
    } catch (QueueDoesNotExistException e) {
      answer(response, Status.NOT_FOUND_404, "no queue " + name);
    }
  }

  /**
   * Reads the body to its end, also one that is refused: a client that is still sending when the
   * connection is closed would not read the refusal.
   */
  private static String body(ServerRequest request) throws BodyTooLargeException, IOException {
    if (!request.content().hasEntity()) {
      return "";
    }
    try {
      InputStream in = request.content().inputStream();
      byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
      if (body.length > MAX_BODY_BYTES) {
        in.transferTo(OutputStream.nullOutputStream());
        throw new BodyTooLargeException();
      }
      return new String(body, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("a chunk of the body has no length", e);
    }
  }

  private static final class BodyTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static boolean isJson(ServerRequest request) {
    return request
        .headers()
        .contentType()
        .map(type -> type.mediaType().text().equalsIgnoreCase("application/json"))
        .orElse(false);
  }

  /** The text in {@code to}, or null when there is none; an object mapper would cost each start. */
  private static @Nullable String destination(String body) throws IOException {
    String to = null;
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          JsonToken value = json.nextToken();
          String text = value == JsonToken.VALUE_STRING ? json.getText() : null;
          to = name.equals("to") ? text : to;
          json.skipChildren();
        }
      } else {
        json.skipChildren();
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "more than one value");
      }
    }
    return to;
  }

  private static StartingPoint startingPoint(String to) {
    return switch (to) {
      case "earliest" -> new StartingPoint.Earliest();
      case "latest" -> new StartingPoint.Latest();
      default -> at(OffsetDateTime.parse(to).toInstant());
    };
  }

  /** Kafka's log takes some negative timestamps for its ends. */
  private static StartingPoint at(Instant instant) {
    return instant.toEpochMilli() < 0
        ? new StartingPoint.Earliest()
        : new StartingPoint.At(instant);
  }

  private static void answer(ServerResponse response, Status status, String message) {
    response.status(status).send(message + "\n");
  }

  @Override
  public void close() {
    server.stop();
  }
}
