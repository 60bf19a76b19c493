package io.sluice.aws;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that services are serving at this moment, so that those which nobody waits for any more
 * can be told. Safe for use by many threads.
 *
 * <p>They are told, and not interrupted: a service may be reading a file, and Java closes a file
 * whose reader is interrupted, for everybody.
 */
final class CallsInFlight {

  private static final Logger LOG = LoggerFactory.getLogger(CallsInFlight.class);

  /** From here on a call is worth a look at whether its client is still there. */
  private static final Duration LONG = Duration.ofMillis(250);

  private static final long CHECK_NANOS = Duration.ofMillis(5).toNanos();

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean closing;

  /** What a service does in a call. */
  interface Work<R, X extends Throwable> {
    R run(CompletableFuture<Void> abandoned) throws X;
  }

  /** Begins to look after calls that take long. */
  void start() {
    Thread.ofVirtual().name("aws-calls").start(this::lookAfter);
  }

  /**
   * Runs a call on this thread.
   *
   * @throws WireError.RequestRejected the listener is closing
   */
  <R, X extends Throwable> R run(Work<R, X> work) throws X {
    Call call = new Call(Connection.current());
    calls.add(call);
    try {
      if (closing) {
        throw WireError.UNAVAILABLE.rejection();
      }
      call.begin();
      return work.run(call.abandoned);
    } finally {
      call.end();
      calls.remove(call);
    }
  }

  boolean isClosing() {
    return closing;
  }

  /** Takes no more calls, tells those in flight, and waits up to {@code patience} for their end. */
  void close(Duration patience) {
    closing = true;
    closed.countDown();
    calls.forEach(call -> call.abandoned.complete(null));
    long start = System.nanoTime();
    while (!calls.isEmpty() && System.nanoTime() - start < patience.toNanos()) {
      LockSupport.parkNanos(CHECK_NANOS);
    }
    if (!calls.isEmpty()) {
      LOG.warn("{} calls did not end within {}", calls.size(), patience);
    }
  }

  private void lookAfter() {
    try {
      while (!closed.await(LONG.toNanos(), TimeUnit.NANOSECONDS)) {
        calls.forEach(Call::lookAfter);
      }
    } catch (InterruptedException e) {
      LOG.debug("nobody looks after long calls any more", e);
    }
  }

  private static final class Call {
    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private final @Nullable Connection connection;
    private final long startNanos = System.nanoTime();

    Call(@Nullable Connection connection) {
      this.connection = connection;
    }

    void begin() {
      if (connection != null) {
        connection.beginCall(abandoned);
      }
    }

    void end() {
      if (connection != null) {
        connection.endCall();
      }
    }

    void lookAfter() {
      if (connection != null && System.nanoTime() - startNanos > LONG.toNanos()) {
        connection.watchPeer(abandoned);
      }
    }
  }
}
