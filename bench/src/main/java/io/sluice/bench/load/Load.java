package io.sluice.bench.load;

import java.time.Duration;
import java.util.Optional;

/**
 * What a generator drove through a system in one run.
 *
 * @param units records or messages
 * @param elapsed from the first to the last of them
 */
public record Load(long units, Duration elapsed, Optional<Latencies> latencies) {

  /** Units per second. */
  public double rate() {
    return units / (elapsed.toNanos() / 1e9);
  }
}
