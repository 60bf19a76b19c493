package io.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between HTTP and the {@link Dispatcher}: reads requests whole, refuses what is too long or comes
 * from a web page, writes replies. Runs on the connection's virtual thread.
 */
final class HttpHandler implements Handler, DirectHandler {

  private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

  private static final HeaderName TARGET = HeaderNames.create("x-amz-target");
  private static final HeaderName REQUEST_ID = HeaderNames.create("x-amzn-RequestId");
  private static final HeaderName QUERY_ERROR = HeaderNames.create("x-amzn-query-error");
  private static final HeaderName FETCH_SITE = HeaderNames.create("sec-fetch-site");
  private static final byte[] GREETING =
      "Sluice: point an AWS SDK at this address, AWS_ENDPOINT_URL.\n".getBytes(UTF_8);

  private final Dispatcher dispatcher;
  private final PublicDocuments documents;
  private final MemoryBudget bodies;
  private final MemoryBudget answers;
  private final Duration bodyWait;

  HttpHandler(Dispatcher dispatcher, PublicDocuments documents, HttpMemory memory) {
    this.dispatcher = dispatcher;
    this.documents = documents;
    this.bodies = new MemoryBudget(memory.bodiesBytes());
    this.answers = new MemoryBudget(memory.answersBytes());
    this.bodyWait = memory.bodyWait();
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    boolean isLast = request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    Request received = request(request, RequestBody.NONE);
    Reply reply = unread(request.headers(), received);
    if (reply == null) {
      try (MemoryBudget.Share memory = bodies.share()) {
        byte[] body = RequestBody.read(request, memory, bodyWait);
        reply = dispatcher.answer(request(request, body));
      } catch (RequestBody.RefusedException e) {
        reply = dispatcher.refuse(received, e.error());
        isLast |= !e.isReadToTheEnd();
      }
    }
    try (MemoryBudget.Share memory = answers.share()) {
      Reply fitting = fits(reply, memory) ? reply : busy(received);
      send(response, received.method().equals("HEAD") ? fitting.withoutBody() : fitting, isLast);
    }
  }

  private static boolean fits(Reply reply, MemoryBudget.Share memory) {
    try {
      return memory.take(reply.body().length, Duration.ZERO);
    } catch (InterruptedException e) {
      throw new CloseConnectionException("the connection is closed", e);
    }
  }

  /** In place of an answer: messages in it come back after their visibility timeout. */
  private Reply busy(Request received) {
    LOG.warn("an answer was dropped: clients read too many large ones too slowly");
    return dispatcher.refuse(received, WireError.BUSY);
  }

  /** Answers what the HTTP layer refuses by itself, as an AWS service would put it. */
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // The HTTP server takes a method that breaks the rules, in a line it cannot read, for its own
    // fault.
    boolean isUnread = eventType == EventType.INTERNAL_ERROR && request.method().isEmpty();
    Status answered = isUnread ? Status.BAD_REQUEST_400 : status;
    Headers sent = request.headers();
    Request received =
        new Request(
            request.method(),
            request.path(),
            "",
            "",
            text(sent, TARGET),
            null,
            null,
            RequestBody.NONE);
    Reply reply = dispatcher.refuse(received, WireError.http(answered.code(), message));
    TransportResponse.Builder response = TransportResponse.builder().headers(headers);
    headers(reply, response::header);
    return response.status(answered).keepAlive(false).entity(reply.body()).build();
  }

  /** The answer to a request that needs no reading; null when it does. */
  private @Nullable Reply unread(Headers headers, Request received) {
    Reply refusal = refusal(headers, received);
    if (refusal != null || !received.method().equals("GET") || received.target() != null) {
      return refusal;
    }
    if (!received.query().isEmpty()) {
      return null;
    }
    if (received.path().equals("/")) {
      return Reply.ok(Reply.PLAIN, RequestIds.next(), GREETING);
    }
    return documents
        .at(received.path())
        .map(text -> Reply.ok(Reply.PLAIN, RequestIds.next(), text.getBytes(UTF_8)))
        .orElseGet(HttpHandler::unknownOperation);
  }

  private @Nullable Reply refusal(Headers headers, Request received) {
    String refusal =
        BrowserGuard.refusal(
            text(headers, HeaderNames.ORIGIN), text(headers, FETCH_SITE), received.host());
    if (refusal != null) {
      return dispatcher.refuse(received, WireError.forbidden(refusal));
    }
    return switch (received.method()) {
      case "GET", "POST" -> null;
      default ->
          dispatcher.refuse(received, WireError.http(405, "Requests are made by GET or POST."));
    };
  }

  /** What Amazon says to a browser at a queue's URL. */
  private static Reply unknownOperation() {
    return new Reply(
        404, Reply.XML, RequestIds.next(), null, XmlWriter.writeEmpty("UnknownOperationException"));
  }

  private static Request request(ServerRequest request, byte[] body) {
    Headers headers = request.headers();
    String host = text(headers, HeaderNames.HOST);
    return new Request(
        request.prologue().method().text(),
        request.prologue().uriPath().rawPath(),
        request.prologue().query().rawValue(),
        host == null ? "" : host,
        text(headers, TARGET),
        text(headers, HeaderNames.AUTHORIZATION),
        text(headers, HeaderNames.CONTENT_TYPE),
        body);
  }

  private static @Nullable String text(Headers headers, HeaderName name) {
    return headers.contains(name) ? headers.get(name).get() : null;
  }

  /** After the last response the connection ends, whatever else may have been sent on it. */
  private static void send(ServerResponse response, Reply reply, boolean isLast) {
    response.status(Status.create(reply.status()));
    headers(reply, response::header);
    if (isLast) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    response.send(reply.body());
    if (isLast) {
      throw new CloseConnectionException("that was the last response");
    }
  }

  private static void headers(Reply reply, Consumer<Header> sink) {
    sink.accept(HeaderValues.create(HeaderNames.CONTENT_TYPE, reply.contentType()));
    sink.accept(HeaderValues.create(REQUEST_ID, reply.requestId()));
    String queryError = reply.queryError();
    if (queryError != null) {
      sink.accept(HeaderValues.create(QUERY_ERROR, queryError));
    }
  }
}
