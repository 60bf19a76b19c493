package io.sluice.aws;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ServerConnectionException;
import io.sluice.broker.Turns;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection's bytes, and can read ahead while a call takes long: the end of the stream
 * then says that the client has gone. Bytes are read by the connection's thread, or by the one that
 * reads ahead while the connection's thread is in a call, which the connection's lock sees to.
 */
final class PeerReader implements Supplier<byte @Nullable []> {

  private final HelidonSocket socket;
  private final AtomicReference<@Nullable CompletableFuture<byte @Nullable []>> ahead =
      new AtomicReference<>();

  private final Turns turns = new Turns();

  PeerReader(HelidonSocket socket) {
    this.socket = socket;
  }

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    CompletableFuture<byte @Nullable []> reading = ahead.getAndSet(null);
    try {
      turns.next();
      return reading == null ? socket.get() : reading.get();
    } catch (UncheckedIOException | ExecutionException e) {
      throw new ServerConnectionException("the connection broke", e);
    } catch (InterruptedException e) {
      throw new ServerConnectionException("the connection is closed", e);
    }
  }

  /** Begins to read ahead, unless that has happened. */
  void readAhead(Runnable atTheEnd) {
    CompletableFuture<byte @Nullable []> reading = new CompletableFuture<>();
    if (ahead.compareAndSet(null, reading)) {
      Thread.ofVirtual().name("aws-peer").start(() -> read(reading, atTheEnd));
    }
  }

  private void read(CompletableFuture<byte @Nullable []> reading, Runnable atTheEnd) {
    try {
      byte[] bytes = socket.get();
      if (bytes == null) {
        atTheEnd.run();
      }
      reading.complete(bytes);
    } catch (RuntimeException e) {
      atTheEnd.run();
      reading.completeExceptionally(e);
    }
  }
}
