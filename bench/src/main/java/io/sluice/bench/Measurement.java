package io.sluice.bench;

import io.sluice.bench.load.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** All runs of one work on one system. Every figure is the median of its own; never empty. */
public record Measurement(String work, String system, boolean isSluice, List<Sample> samples) {

  /** Copies the samples. */
  public Measurement {
    samples = List.copyOf(samples);
  }

  /** With later runs of the same work on the same system. */
  Measurement and(Measurement later) {
    List<Sample> all = new ArrayList<>(samples);
    all.addAll(later.samples);
    return new Measurement(work, system, isSluice, all);
  }

  /** Units per second. */
  public double rate() {
    return median(sample -> sample.load().rate());
  }

  /** The slowest and the fastest run, in units per second. */
  public double[] rateSpread() {
    double[] rates = samples.stream().mapToDouble(s -> s.load().rate()).sorted().toArray();
    return new double[] {rates[0], rates[rates.length - 1]};
  }

  /** Server processor seconds per million units. */
  public double cpuSecondsPerMillion() {
    return median(Sample::cpuSecondsPerMillion);
  }

  /** The most memory of any run, in bytes. */
  public long peakResidentBytes() {
    return samples.stream().mapToLong(Sample::peakResidentBytes).max().orElse(0);
  }

  /** By how much the data grew in a run, in bytes. */
  public long diskBytes() {
    return Math.round(median(Sample::diskBytes));
  }

  /** By how many bytes the data grew for each unit of all runs. */
  public double diskBytesPerUnit() {
    double bytes = samples.stream().mapToDouble(Sample::diskBytes).sum();
    return bytes / samples.stream().mapToLong(sample -> sample.load().units()).sum();
  }

  /** Latencies, where the load measures them. */
  public Optional<Latencies> latencies() {
    return samples.getFirst().load().latencies().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Latencies(
                median(s -> s.load().latencies().orElseThrow().p50Micros()),
                median(s -> s.load().latencies().orElseThrow().p99Micros()),
                median(s -> s.load().latencies().orElseThrow().p999Micros())));
  }

  private double median(ToDoubleFunction<Sample> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
