package io.sluice.kafka;

/**
 * When a connection last moved a byte. A connection whose request is being handled is never idle: a
 * member may wait longer for its group than an idle connection may stay. Written by the
 * connection's two threads, read by the listener's.
 */
final class Activity {

  private volatile long movedAtNanos = System.nanoTime();
  private volatile boolean busy;

  /** Bytes came or went. */
  void moved() {
    movedAtNanos = System.nanoTime();
  }

  /** A request is being handled, or no longer. */
  void busy(boolean now) {
    busy = now;
    moved();
  }

  /** For how long nothing has happened. */
  long idleNanos() {
    return busy ? 0 : System.nanoTime() - movedAtNanos;
  }
}
