package io.sluice.aws;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The HTTP listener that serves AWS SDKs. Safe for use by many threads.
 *
 * <p>Signatures are read for the region, the service and the access key, and not verified, so it
 * belongs on loopback or on a network that is trusted. Web pages are refused, see {@link
 * BrowserGuard}.
 */
public final class AwsListener implements AutoCloseable {

  /** How long closing waits for answers to be written, once the calls have ended. */
  private static final Duration WRITE_GRACE = Duration.ofSeconds(1);

  private final InetSocketAddress address;
  private final WebServer server;
  private final CallsInFlight calls;
  private final Duration drain;

  private AwsListener(
      InetSocketAddress address, WebServer server, CallsInFlight calls, Duration drain) {
    this.address = address;
    this.server = server;
    this.calls = calls;
    this.drain = drain;
  }

  /**
   * Binds and serves; it answers from the moment this returns.
   *
   * @throws UncheckedIOException the address cannot be bound; the message names it
   */
  public static AwsListener start(AwsListenerOptions options, List<AwsService> services) {
    return start(options, services, PublicDocuments.NONE);
  }

  /**
   * Does the same, and serves documents besides.
   *
   * @throws UncheckedIOException the address cannot be bound; the message names it
   */
  public static AwsListener start(
      AwsListenerOptions options, List<AwsService> services, PublicDocuments documents) {
    return start(
        options,
        services,
        documents,
        HttpMemory.ofHeap(),
        HttpLimits.IDLE_TIMEOUT,
        HttpLimits.IDLE_CHECK_PERIOD);
  }

  static AwsListener start(
      AwsListenerOptions options, List<AwsService> services, HttpMemory memory) {
    return start(options, services, memory, HttpLimits.IDLE_TIMEOUT, HttpLimits.IDLE_CHECK_PERIOD);
  }

  static AwsListener start(
      AwsListenerOptions options,
      List<AwsService> services,
      HttpMemory memory,
      Duration idleTimeout,
      Duration idleCheckPeriod) {
    return start(options, services, PublicDocuments.NONE, memory, idleTimeout, idleCheckPeriod);
  }

  private static AwsListener start(
      AwsListenerOptions options,
      List<AwsService> services,
      PublicDocuments documents,
      HttpMemory memory,
      Duration idleTimeout,
      Duration idleCheckPeriod) {
    probe(options);
    CallsInFlight calls = new CallsInFlight();
    HttpHandler handler =
        new HttpHandler(
            new Dispatcher(new Services(services), options.accountId(), calls), documents, memory);
    WebServer server =
        configuration(options, handler)
            .addConnectionSelector(new Connections(http(), idleTimeout))
            .idleConnectionTimeout(idleTimeout)
            .idleConnectionPeriod(idleCheckPeriod)
            .build();
    server.start();
    if (!server.isRunning()) {
      throw cannotListen(options, new IOException("the HTTP server did not start"));
    }
    calls.start();
    return new AwsListener(
        new InetSocketAddress(options.host(), server.port()), server, calls, options.drain());
  }

  /** The port that is bound. */
  public int port() {
    return address.getPort();
  }

  /** The address that is bound. */
  public InetSocketAddress address() {
    return address;
  }

  /** What a client on this machine puts in {@code AWS_ENDPOINT_URL}. */
  public URI endpoint() {
    String host = address.getHostString();
    boolean isAny = address.getAddress() != null && address.getAddress().isAnyLocalAddress();
    String reachable = isAny ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + reachable + ":" + port());
  }

  /** Ends the calls that wait, lets those in flight finish, and stops listening. */
  @Override
  public void close() {
    calls.close(drain);
    server.stop();
  }

  private static WebServerConfig.Builder configuration(
      AwsListenerOptions options, HttpHandler handler) {
    DirectHandlers.Builder refusals = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      refusals.addHandler(event, handler);
    }
    return WebServer.builder()
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .host(options.host())
        .port(options.port())
        .routing(HttpRouting.builder().any(handler))
        .directHandlers(refusals.build())
        .mediaContext(MediaContext.builder().mediaSupportsDiscoverServices(false).build())
        .contentEncoding(
            ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
        .connectionOptions(socket -> socket.tcpNoDelay(true))
        .maxTcpConnections(HttpLimits.MAX_CONNECTIONS)
        .maxPayloadSize(HttpLimits.MAX_DISCARDED_BYTES)
        .shutdownGracePeriod(WRITE_GRACE);
  }

  private static Http1Config http() {
    return Http1Config.builder()
        .maxPrologueLength(HttpLimits.MAX_REQUEST_LINE_BYTES)
        .maxHeadersSize(HttpLimits.MAX_HEADER_BYTES)
        .build();
  }

  /** Binds once for the error: the HTTP server would log it at length and carry on without. */
  private static void probe(AwsListenerOptions options) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(options.host(), options.port()));
    } catch (IOException e) {
      throw cannotListen(options, e);
    }
  }

  private static UncheckedIOException cannotListen(AwsListenerOptions options, IOException cause) {
    return new UncheckedIOException(
        "cannot listen on " + options.host() + ":" + options.port() + ": " + cause.getMessage(),
        cause);
  }
}
