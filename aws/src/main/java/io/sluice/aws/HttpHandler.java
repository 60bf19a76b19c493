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
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Between HTTP and the {@link Dispatcher}: reads requests whole, refuses what is too long or comes
 * from a web page, writes replies. Runs on the connection's virtual thread.
 */
final class HttpHandler implements Handler, DirectHandler {

  private static final HeaderName TARGET = HeaderNames.create("x-amz-target");
  private static final HeaderName REQUEST_ID = HeaderNames.create("x-amzn-RequestId");
  private static final HeaderName QUERY_ERROR = HeaderNames.create("x-amzn-query-error");
  private static final HeaderName FETCH_SITE = HeaderNames.create("sec-fetch-site");
  private static final byte[] NO_BODY = new byte[0];
  private static final byte[] GREETING =
      "Sluice: point an AWS SDK at this address, AWS_ENDPOINT_URL.\n".getBytes(UTF_8);

  /** A body up to this length gets its buffer before it has arrived. */
  private static final int TRUSTED_LENGTH = 64 << 10;

  private final Dispatcher dispatcher;

  HttpHandler(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    Request received = request(request, NO_BODY);
    Reply reply = refusal(request.headers(), received);
    if (reply == null && isGreeted(received)) {
      reply = Reply.ok(Reply.PLAIN, RequestIds.next(), GREETING);
    }
    if (reply == null && isUnknownResource(received)) {
      reply = unknownOperation();
    }
    if (reply == null) {
      byte[] body = body(request);
      reply =
          body == null
              ? dispatcher.refuse(received, WireError.tooLarge(HttpLimits.MAX_BODY_BYTES))
              : dispatcher.answer(request(request, body));
    }
    send(response, reply);
  }

  /** Answers what the HTTP layer refuses by itself, as an AWS service would put it. */
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Headers sent = request.headers();
    Request received =
        new Request(
            request.method(), request.path(), "", "", text(sent, TARGET), null, null, NO_BODY);
    Reply reply = dispatcher.refuse(received, refused(status, message));
    TransportResponse.Builder response = TransportResponse.builder().headers(headers);
    headers(reply, response::header);
    return response.status(status).keepAlive(false).entity(reply.body()).build();
  }

  private static WireError refused(Status status, @Nullable String message) {
    return status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
        ? WireError.tooLarge(HttpLimits.MAX_BODY_BYTES)
        : new WireError(
            WireError.CORAL + "InvalidHttpRequest",
            "InvalidHttpRequest",
            status.code(),
            message == null ? status.reasonPhrase() : message);
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
          dispatcher.refuse(
              received,
              new WireError(
                  WireError.CORAL + "MethodNotAllowed",
                  "MethodNotAllowed",
                  405,
                  "Requests are made by GET or POST."));
    };
  }

  private static boolean isGreeted(Request request) {
    return request.method().equals("GET")
        && request.path().equals("/")
        && request.query().isEmpty()
        && request.target() == null;
  }

  /** A browser at a queue's URL, say; Amazon answers just this. */
  private static boolean isUnknownResource(Request request) {
    return request.method().equals("GET") && request.query().isEmpty() && request.target() == null;
  }

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

  /** The whole body; null when it is too long, in which case it was dropped. */
  private static byte @Nullable [] body(ServerRequest request) throws IOException {
    if (!request.content().hasEntity()) {
      return NO_BODY;
    }
    long length = request.headers().contentLength().orElse(-1);
    InputStream in = request.content().inputStream();
    if (length >= 0 && length <= TRUSTED_LENGTH) {
      return exactly(in, (int) length);
    }
    byte[] body = in.readNBytes(HttpLimits.MAX_BODY_BYTES + 1);
    if (body.length <= HttpLimits.MAX_BODY_BYTES) {
      return body;
    }
    in.transferTo(OutputStream.nullOutputStream());
    return null;
  }

  /** Reads on to the end of the stream, which tells the server that the request was consumed. */
  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    return in.read() < 0 && read == length ? body : Arrays.copyOf(body, read);
  }

  private static void send(ServerResponse response, Reply reply) {
    response.status(Status.create(reply.status()));
    headers(reply, response::header);
    response.send(reply.body());
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
