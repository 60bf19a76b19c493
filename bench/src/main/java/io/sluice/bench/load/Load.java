package io.sluice.bench.load;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a generator drove through a system in one run.
 *
 * @param units records or messages
 * @param elapsed from the first to the last of them
 * @param serverCpuSeconds the server's processor time meanwhile, where the generator has looked at
 *     it because a good part of its run is not the load
 */
public record Load(
    long units, Duration elapsed, Optional<Latencies> latencies, OptionalDouble serverCpuSeconds) {

  /** A load that lasts as long as its run. */
  public Load(long units, Duration elapsed, Optional<Latencies> latencies) {
    this(units, elapsed, latencies, OptionalDouble.empty());
  }

  /** Units per second. */
  public double rate() {
    return units / (elapsed.toNanos() / 1e9);
  }
}
