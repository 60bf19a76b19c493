package io.sluice.client.service;

import java.time.Duration;

/** When a time is over, as {@link System#nanoTime} counts. */
public final class Deadline {

  private Deadline() {}

  /** When a duration that begins now is over; ns. */
  public static long in(Duration fromNow) {
    return System.nanoTime() + Nanoseconds.of(fromNow);
  }

  /** What is left until then; zero when it is over. */
  public static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
