package io.sluice.torture.work;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets others catch up. */
public final class Pause {

  private static final Duration SHORT = Duration.ofMillis(25);
  private static final Duration LONG = Duration.ofMillis(100);

  private Pause() {}

  /** Some milliseconds, or less for a thread that is interrupted. */
  public static void brief() {
    LockSupport.parkNanos(SHORT.toNanos());
  }

  /** Long enough not to be in the way of a broker that starts. */
  public static void whileAway() {
    LockSupport.parkNanos(LONG.toNanos());
  }
}
