package io.sluice.kafka;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for connections: platform threads for as many at once as a few applications have, virtual
 * threads for all others. A platform thread that waits for its socket is woken by the system
 * itself; a virtual one by a poller, through a carrier, which costs two more switches for every
 * request (ADR 003). Safe for use by many threads.
 */
final class ConnectionThreads {

  /** One connection's right to make its threads; given back when the connection has ended. */
  interface Share extends ThreadFactory, AutoCloseable {
    /** Whether its threads may be held by the disk. */
    boolean mayFlush();

    @Override
    void close();
  }

  private final Semaphore platform;

  /**
   * Threads of both kinds.
   *
   * @param platformConnections how many connections at once have platform threads
   */
  ConnectionThreads(int platformConnections) {
    this.platform = new Semaphore(platformConnections);
  }

  /** For one more connection. */
  Share share() {
    return platform.tryAcquire() ? new PlatformShare() : new VirtualShare();
  }

  private final class PlatformShare implements Share {
    @Override
    public boolean mayFlush() {
      return true;
    }

    @Override
    public Thread newThread(Runnable task) {
      return Thread.ofPlatform().name("kafka-connection").daemon().unstarted(task);
    }

    @Override
    public void close() {
      platform.release();
    }
  }

  private static final class VirtualShare implements Share {
    @Override
    public boolean mayFlush() {
      return false;
    }

    @Override
    public Thread newThread(Runnable task) {
      return Thread.ofVirtual().name("kafka-connection").unstarted(task);
    }

    @Override
    public void close() {
      // Of virtual threads there are enough.
    }
  }
}
