package io.sluice.kafka;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InvalidRequestException;

/**
 * Memory that requests in progress share, from their first bytes until they are handled: who finds
 * none left waits unread, which its client feels. Small requests are not counted. Safe for use by
 * many threads, which are served in the order in which they ask.
 */
final class RequestMemory {

  /** Up to this size nothing is counted; 10,000 connections take 160 MB with it at most. */
  static final int SMALL_BYTES = 16 * 1024;

  /** As long as Kafka's clients wait for an answer: {@code request.timeout.ms}. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int UNIT_BYTES = 1024;

  private final int units;
  private final Semaphore free;

  RequestMemory(long bytes) {
    this.units = Math.toIntExact(bytes / UNIT_BYTES);
    this.free = new Semaphore(units, true);
  }

  /** A share for one connection, which has nothing yet. */
  Share share() {
    return new Share();
  }

  /** What the request of one connection has; owned by the connection's thread. */
  final class Share {

    private int taken;

    /**
     * Takes memory for a request; for one that is larger than all there is, all.
     *
     * @throws InvalidRequestException others held it for too long
     */
    void take(int bytes) throws InterruptedException {
      int wanted = Math.min(units, bytes / UNIT_BYTES + 1);
      if (!free.tryAcquire(wanted, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InvalidRequestException(
            "other requests left no memory for one of " + bytes + " bytes");
      }
      taken = wanted;
    }

    /** Gives everything back. */
    void giveBack() {
      free.release(taken);
      taken = 0;
    }
  }
}
