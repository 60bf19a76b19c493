package io.sluice.aws;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ServerConnectionException;
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

  /**
   * After so many reads others have their turn. Nobody takes a virtual thread off its carrier but
   * itself: a client that always has its next request there by then would hold up all who wait for
   * that carrier.
   */
  private static final int READS_IN_A_ROW = 4;

  private final HelidonSocket socket;
  private final AtomicReference<@Nullable CompletableFuture<byte @Nullable []>> ahead =
      new AtomicReference<>();

  /** Owned by the connection's thread. */
  private int reads;

  PeerReader(HelidonSocket socket) {
    this.socket = socket;
  }

  /** The next bytes; null at the end. */
  @Override
  public byte @Nullable [] get() {
    if (++reads % READS_IN_A_ROW == 0) {
      letOthersRun();
    }
    CompletableFuture<byte @Nullable []> reading = ahead.getAndSet(null);
    try {
      return reading == null ? socket.get() : reading.get();
    } catch (UncheckedIOException | ExecutionException e) {
      throw new ServerConnectionException("the connection broke", e);
    } catch (InterruptedException e) {
      throw new ServerConnectionException("the connection is closed", e);
    }
  }

  /**
   * Waits for a new thread. A carrier starts those when nobody else is left whom it has run lately,
   * and so after what the poller and other threads have for it; Thread.yield() would only give way
   * to the former.
   */
  private static void letOthersRun() {
    try {
      Thread.startVirtualThread(() -> {}).join();
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
