package io.sluice.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.Uuid;

/**
 * {@code kafka-consumer-perf-test}: one consumer of a new group reads a topic from its beginning.
 *
 * @param bootstrap host and port
 * @param records how many there are
 */
public record ConsumerPerformance(String bootstrap, String topic, long records) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of the line that tells of a run: see the header that the tool prints without {@code hide}. */
  private static final int FIELDS = 10;

  private static final int CONSUMED = 4;
  private static final int FETCH_MILLIS = 7;

  /**
   * Reads everything. The time until the group has formed does not count, neither the server's.
   *
   * @param serverCpuSeconds what the server has used since its start
   */
  public Load run(DoubleSupplier serverCpuSeconds) throws IOException, InterruptedException {
    List<Load> loads = new CopyOnWriteArrayList<>();
    try (CpuHistory history = new CpuHistory(serverCpuSeconds)) {
      List<String> lines =
          KafkaTool.run(
              "org.apache.kafka.tools.ConsumerPerformance",
              arguments(),
              line ->
                  fetched(line)
                      .ifPresent(
                          elapsed -> loads.add(load(elapsed, history.secondsSince(elapsed)))));
      return loads.stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "not exactly %d records were read: %s"
                          .formatted(records, String.join("\n", lines))));
    }
  }

  private List<String> arguments() {
    return List.of(
        "--bootstrap-server",
        bootstrap,
        "--topic",
        topic,
        "--num-records",
        Long.toString(records),
        "--group",
        "measured-" + Uuid.randomUuid(),
        "--timeout",
        Long.toString(PATIENCE.toMillis()),
        "--hide-header");
  }

  private Load load(Duration elapsed, double cpuSeconds) {
    return new Load(records, elapsed, Optional.empty(), OptionalDouble.of(cpuSeconds));
  }

  /** How long it took to fetch all records, if the line says that all were. */
  Optional<Duration> fetched(String line) {
    String[] fields = line.split(", ");
    return fields.length == FIELDS && Long.toString(records).equals(fields[CONSUMED])
        ? Optional.of(Duration.ofMillis(Long.parseLong(fields[FETCH_MILLIS])))
        : Optional.empty();
  }
}
