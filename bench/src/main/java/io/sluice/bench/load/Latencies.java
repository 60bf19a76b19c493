package io.sluice.bench.load;

import org.HdrHistogram.Histogram;

/** Percentiles of how long something took, in microseconds. */
public record Latencies(double p50Micros, double p99Micros, double p999Micros) {

  /** The percentiles of a histogram of nanoseconds. */
  public static Latencies ofNanos(Histogram histogram) {
    return new Latencies(
        histogram.getValueAtPercentile(50) / 1e3,
        histogram.getValueAtPercentile(99) / 1e3,
        histogram.getValueAtPercentile(99.9) / 1e3);
  }
}
