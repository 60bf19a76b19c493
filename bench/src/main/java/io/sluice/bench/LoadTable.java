package io.sluice.bench;

import io.sluice.bench.load.Latencies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of a scenario that drives loads: a row per work and system, and in a peer's row how
 * Sluice compares with it.
 */
final class LoadTable {

  private static final String NONE = "–";

  private LoadTable() {}

  static String markdown(List<Measurement> measurements) {
    Table table =
        new Table(
            "work",
            "system",
            "rate /s",
            "(min – max)",
            "p50",
            "p99",
            "p99.9",
            "CPU-s per 1 M",
            "peak RSS",
            "on disk",
            "Sluice beside it");
    for (Measurement each : byWork(measurements)) {
      double[] spread = each.rateSpread();
      table.add(
          each.work(),
          each.system(),
          Figures.count(each.rate()),
          Figures.count(spread[0]) + " – " + Figures.count(spread[1]),
          latency(each, Latencies::p50Micros),
          latency(each, Latencies::p99Micros),
          latency(each, Latencies::p999Micros),
          Figures.digits(each.cpuSecondsPerMillion()),
          Figures.bytes((double) each.peakResidentBytes()),
          each.diskBytes() > 0 ? Figures.bytes((double) each.diskBytes()) : NONE,
          each.isSluice() ? "" : comparison(each, measurements));
    }
    return table.markdown();
  }

  /** In the order in which the works came, however the systems took turns. */
  private static List<Measurement> byWork(List<Measurement> measurements) {
    Map<String, List<Measurement>> works =
        measurements.stream()
            .collect(
                Collectors.groupingBy(
                    Measurement::work, LinkedHashMap::new, Collectors.toUnmodifiableList()));
    return works.values().stream().flatMap(List::stream).toList();
  }

  private static String latency(Measurement each, Function<Latencies, Double> percentile) {
    Optional<Latencies> latencies = each.latencies();
    return latencies.map(percentile).map(Figures::micros).orElse(NONE);
  }

  private static String comparison(Measurement peer, List<Measurement> measurements) {
    List<Measurement> ours = new ArrayList<>();
    for (Measurement each : measurements) {
      if (each.isSluice() && each.work().equals(peer.work())) {
        ours.add(each);
      }
    }
    return ours.stream()
        .map(
            our ->
                our.system().replace("Sluice, ", "")
                    + " "
                    + Figures.times(our.rate() / peer.rate())
                    + ", CPU "
                    + Figures.times(our.cpuSecondsPerMillion() / peer.cpuSecondsPerMillion()))
        .collect(Collectors.joining("; "));
  }
}
