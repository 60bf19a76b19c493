package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;

/** How tests wait for what a real client brings about. */
public final class Waiting {

  /** Longer than anything a test waits for takes on the slowest machine. */
  public static final Duration BOUND = Duration.ofSeconds(90);

  private Waiting() {}

  /** Asks again and again; what is asked takes its time, so nothing spins. */
  public static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "it did not happen");
    }
  }
}
