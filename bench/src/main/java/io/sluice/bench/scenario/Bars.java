package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.load.Latencies;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * Compares two measurements of one run with what was to be reached.
 *
 * <p>A bar in absolute figures was set on one machine, where a peer did so much; beside that peer
 * it is a ratio, which says the same of a machine that is slower or faster.
 */
final class Bars {

  private Bars() {}

  /** At least {@code factor} times the rate of {@code peer}. */
  static void rate(
      BenchRun bench,
      String work,
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      double factor) {
    compare(ours, peer, Measurement::rate, rate -> Figures.count(rate) + "/s")
        .ifPresent(
            found ->
                bench.bar(
                    work,
                    "≥ " + factor(factor) + " its rate",
                    found.text(),
                    found.factor() >= factor));
  }

  /** At most {@code factor} times the processor time per unit of {@code peer}. */
  static void cpu(
      BenchRun bench,
      String work,
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      double factor) {
    compare(
            ours,
            peer,
            Measurement::cpuSecondsPerMillion,
            cpu -> Figures.digits(cpu) + " s per 1 M")
        .ifPresent(
            found ->
                bench.bar(
                    work,
                    "≤ " + factor(factor) + " its CPU",
                    found.text(),
                    found.factor() <= factor));
  }

  private record Compared(double factor, String text) {}

  /** Empty where one of them is missing. */
  private static Optional<Compared> compare(
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      ToDoubleFunction<Measurement> figure,
      DoubleFunction<String> written) {
    if (ours.isEmpty() || peer.isEmpty()) {
      return Optional.empty();
    }
    double our = figure.applyAsDouble(ours.get());
    double its = figure.applyAsDouble(peer.get());
    String text =
        "%s (%s, %s)".formatted(Figures.times(our / its), written.apply(our), written.apply(its));
    return Optional.of(new Compared(our / its, text));
  }

  /** At most so many times the median and the 99th percentile of {@code peer}. */
  static void latencies(
      BenchRun bench,
      String work,
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      double p50,
      double p99) {
    Optional<Latencies> our = ours.flatMap(Measurement::latencies);
    Optional<Latencies> its = peer.flatMap(Measurement::latencies);
    if (our.isPresent() && its.isPresent()) {
      double middle = our.get().p50Micros() / its.get().p50Micros();
      double late = our.get().p99Micros() / its.get().p99Micros();
      bench.bar(
          work,
          "≤ " + factor(p50) + " / " + factor(p99) + " its latency",
          Figures.times(middle) + " / " + Figures.times(late),
          middle <= p50 && late <= p99);
    }
  }

  private static String factor(double factor) {
    return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(factor)
        + "×";
  }
}
