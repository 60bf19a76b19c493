package io.sluice.aws;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/** Makes a {@link Connection} of every connection that is accepted; HTTP/1.1 is all there is. */
final class Connections implements ServerConnectionSelector {

  private final ServerConnectionSelector http;
  private final Duration idleTimeout;

  Connections(Http1Config config, Duration idleTimeout) {
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
    PeerReader peer = new PeerReader(context.serverSocket());
    ServerConnection connection = http.connection(PeerContext.of(context, peer));
    return new Connection((Http1Connection) connection, peer, idleTimeout);
  }
}
