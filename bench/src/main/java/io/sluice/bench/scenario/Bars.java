package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import java.util.Locale;
import java.util.Optional;

/** Compares two measurements of one run with what was to be reached. */
final class Bars {

  private Bars() {}

  /** At least {@code factor} times the rate of {@code peer}. */
  static void rate(
      BenchRun bench,
      String work,
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      double factor) {
    if (ours.isPresent() && peer.isPresent()) {
      double reached = ours.get().rate() / peer.get().rate();
      bench.bar(
          work,
          "≥ " + factor(factor) + " its rate",
          Figures.times(reached)
              + " (%s/s, %s/s)"
                  .formatted(Figures.count(ours.get().rate()), Figures.count(peer.get().rate())),
          reached >= factor);
    }
  }

  /** At most {@code factor} times the processor time per unit of {@code peer}. */
  static void cpu(
      BenchRun bench,
      String work,
      Optional<Measurement> ours,
      Optional<Measurement> peer,
      double factor) {
    if (ours.isPresent() && peer.isPresent()) {
      double reached = ours.get().cpuSecondsPerMillion() / peer.get().cpuSecondsPerMillion();
      bench.bar(
          work,
          "≤ " + factor(factor) + " its CPU",
          Figures.times(reached)
              + " (%s s, %s s per 1 M)"
                  .formatted(
                      Figures.digits(ours.get().cpuSecondsPerMillion()),
                      Figures.digits(peer.get().cpuSecondsPerMillion())),
          reached <= factor);
    }
  }

  private static String factor(double factor) {
    return factor == 1 ? "1×" : String.format(Locale.ROOT, "%.1f×", factor);
  }
}
