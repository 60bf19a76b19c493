package io.sluice.bench.scenario;

import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;

/** Words for the tables. */
final class Words {

  private Words() {}

  static String connections(int connections) {
    return connections + (connections == 1 ? " connection" : " connections");
  }

  /** Rate and processor time, as the bar names them. */
  static String measured(Measurement measurement) {
    return "%s/s, %s CPU-s per 1 M"
        .formatted(
            Figures.count(measurement.rate()), Figures.digits(measurement.cpuSecondsPerMillion()));
  }
}
