package io.sluice.kafka;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log line for every client that is turned away, but no more than so many in a minute, so that
 * a port scanner does not fill the disk; how many were left out is said as soon as there is room
 * again. Safe for use by many threads; its monitor owns the counters.
 */
final class DisconnectLog {

  static final int LINES_PER_MINUTE = 60;

  private static final Logger LOGGER = LoggerFactory.getLogger(DisconnectLog.class);
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Consumer<String> lines;
  private final LongSupplier nanoTime;
  private long minuteBegan;
  private int written;
  private long leftOut;

  DisconnectLog() {
    this(LOGGER::warn, System::nanoTime);
  }

  DisconnectLog(Consumer<String> lines, LongSupplier nanoTime) {
    this.lines = lines;
    this.nanoTime = nanoTime;
    this.minuteBegan = nanoTime.getAsLong();
  }

  /** Says that {@code client} was disconnected, and why. */
  synchronized void disconnected(String client, String reason) {
    long now = nanoTime.getAsLong();
    if (now - minuteBegan >= MINUTE_NANOS) {
      if (leftOut > 0) {
        lines.accept(leftOut + " more clients were disconnected in the minute before");
      }
      minuteBegan = now;
      written = 0;
      leftOut = 0;
    }
    if (written < LINES_PER_MINUTE) {
      written++;
      lines.accept(client + " is disconnected: " + reason);
    } else {
      leftOut++;
    }
  }
}
