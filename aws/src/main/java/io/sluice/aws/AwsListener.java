package io.sluice.aws;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** The HTTP listener that serves AWS SDKs. Safe for use by many threads. */
public final class AwsListener implements AutoCloseable {

  private AwsListener() {}

  /**
   * Binds and serves; it answers from the moment this returns.
   *
   * @throws java.io.UncheckedIOException the address cannot be bound; the message names it
   */
  public static AwsListener start(AwsListenerOptions options, List<AwsService> services) {
    throw new UnsupportedOperationException(options + " " + services);
  }

  /** The port that is bound. */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** The address that is bound. */
  public InetSocketAddress address() {
    throw new UnsupportedOperationException();
  }

  /** What a client on this machine puts in {@code AWS_ENDPOINT_URL}. */
  public URI endpoint() {
    throw new UnsupportedOperationException();
  }

  /** Stops listening, ends the calls that wait, and lets those in flight finish. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
