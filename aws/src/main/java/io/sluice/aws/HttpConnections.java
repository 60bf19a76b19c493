package io.sluice.aws;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/**
 * Makes HTTP/1.1 connections that end when they stall. Helidon closes a connection that is idle
 * between two requests, but waits for ever for the rest of one, or for a client that does not read
 * its answer.
 */
final class HttpConnections implements ServerConnectionSelector {

  private final ServerConnectionSelector http;
  private final Duration idleTimeout;

  HttpConnections(Http1Config config, Duration idleTimeout) {
    this.http = Http1ConnectionSelector.builder().config(config).build();
    this.idleTimeout = idleTimeout;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Connection((Http1Connection) http.connection(context), idleTimeout);
  }

  private record Connection(Http1Connection http, Duration idleTimeout)
      implements ServerConnection, InterruptableTask<Void> {

    @Override
    public void handle(Limit limit) throws InterruptedException {
      http.handle(limit);
    }

    @Override
    public Duration idleTime() {
      return http.idleTime();
    }

    /** Called when the server stops, and when the connection has been idle for too long. */
    @Override
    public void close(boolean interrupt) {
      http.close(interrupt || http.idleTime().compareTo(idleTimeout) > 0);
    }

    @Override
    public boolean canInterrupt() {
      return http.canInterrupt();
    }
  }
}
