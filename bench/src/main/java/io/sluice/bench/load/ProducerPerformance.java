package io.sluice.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code kafka-producer-perf-test}: one producer with its defaults sends as fast as it can.
 *
 * @param bootstrap host and port
 * @param records how many, those included that its own warming up takes
 */
public record ProducerPerformance(String bootstrap, String topic, long records, int recordBytes) {

  /** The share of records by which the producer warms up, which its rate leaves out. */
  private static final int WARM_UP_DIVISOR = 10;

  /** The line that closes a run; KIP-1052 says what is the steady state. */
  private static final Pattern SUMMARY =
      Pattern.compile(
          "(?<count>\\d+)(?<steady> steady state)? records sent, (?<rate>[0-9.]+) records/sec .*, "
              + "(?<p50>\\d+) ms 50th, \\d+ ms 95th, (?<p99>\\d+) ms 99th, "
              + "(?<p999>\\d+) ms 99.9th\\.");

  /** Sends all records, and waits until they are acknowledged. */
  public Load run() throws IOException, InterruptedException {
    return parse(
        KafkaTool.run(
            "org.apache.kafka.tools.ProducerPerformance",
            List.of(
                "--bootstrap-server",
                bootstrap,
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--record-size",
                Integer.toString(recordBytes),
                "--throughput",
                "-1",
                "--warmup-records",
                Long.toString(records / WARM_UP_DIVISOR)),
            line -> {}));
  }

  /**
   * All records, for they all cost the server something, at the rate and with the latencies of the
   * steady state.
   */
  Load parse(List<String> lines) {
    long steady = records - records / WARM_UP_DIVISOR;
    for (String line : lines) {
      Matcher summary = SUMMARY.matcher(line);
      if (summary.matches()
          && summary.group("steady") != null
          && Long.parseLong(summary.group("count")) == steady) {
        double rate = Double.parseDouble(summary.group("rate"));
        return new Load(
            records,
            Duration.ofNanos(Math.round(records / rate * 1e9)),
            Optional.of(
                new Latencies(
                    micros(summary, "p50"), micros(summary, "p99"), micros(summary, "p999"))));
      }
    }
    throw new IllegalStateException(
        "not all of %d records were acknowledged: %s".formatted(records, String.join("\n", lines)));
  }

  private static double micros(Matcher summary, String percentile) {
    return Long.parseLong(summary.group(percentile)) * 1e3;
  }
}
