package io.sluice.kafka;

/**
 * When a connection last moved a byte. A connection whose request is being handled is never idle: a
 * member may wait longer for its group than an idle connection may stay. Written by the
 * connection's two threads, read by the listener's.
 */
final class Activity {

  private volatile long movedAtNanos = System.nanoTime();
  private volatile boolean busy;
  private volatile boolean large;

  /** Bytes came or went. */
  void moved() {
    movedAtNanos = System.nanoTime();
  }

  /** A request is being handled, or no longer. */
  void busy(boolean now) {
    busy = now;
    moved();
  }

  /** A request is being read that holds memory which others may wait for, or no longer. */
  void large(boolean now) {
    large = now;
  }

  boolean isLarge() {
    return large;
  }

  /** For how long nothing has happened. */
  long idleNanos() {
    return busy ? 0 : System.nanoTime() - movedAtNanos;
  }
}
