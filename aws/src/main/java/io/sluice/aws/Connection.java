package io.sluice.aws;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP connection. Its virtual thread reads, calls and writes; others close it, which the HTTP
 * server does by interrupts. The lock keeps those away from a call, where they would do damage: a
 * connection that is closed during one ends after it.
 */
final class Connection implements ServerConnection {

  private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

  private final Http1Connection http;
  private final PeerReader peer;
  private final Duration idleTimeout;
  private final ReentrantLock lock = new ReentrantLock();

  /** The call in progress; guarded by the lock, like what follows. */
  private @Nullable CompletableFuture<Void> call;

  private boolean closeAfterCall;

  Connection(Http1Connection http, PeerReader peer, Duration idleTimeout) {
    this.http = http;
    this.peer = peer;
    this.idleTimeout = idleTimeout;
  }

  /** The connection that this thread serves; null when it serves none. */
  static @Nullable Connection current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    ScopedValue.where(CURRENT, this)
        .call(
            () -> {
              http.handle(limit);
              return true;
            });
  }

  @Override
  public Duration idleTime() {
    return http.idleTime();
  }

  /**
   * Called when the server stops, and when the connection has been idle for too long. The HTTP
   * server would wait for ever for the rest of a request, or for a client that does not read its
   * answer.
   */
  @Override
  public void close(boolean interrupt) {
    lock.lock();
    try {
      if (call == null) {
        http.close(interrupt || http.idleTime().compareTo(idleTimeout) > 0);
      } else {
        closeAfterCall = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** From here on nobody interrupts the thread, and an interrupt that was on its way is gone. */
  void beginCall(CompletableFuture<Void> abandoned) {
    lock.lock();
    try {
      call = abandoned;
      Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  void endCall() {
    lock.lock();
    try {
      call = null;
      if (closeAfterCall) {
        http.close(false);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has the client watched while {@code watched} is in progress, which completes if it goes. */
  void watchPeer(CompletableFuture<Void> watched) {
    lock.lock();
    try {
      if (call == watched) {
        peer.readAhead(() -> watched.complete(null));
      }
    } finally {
      lock.unlock();
    }
  }
}
