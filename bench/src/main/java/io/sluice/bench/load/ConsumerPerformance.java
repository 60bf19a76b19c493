package io.sluice.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * {@code kafka-consumer-perf-test}: one consumer of a new group reads a topic from its beginning.
 *
 * @param bootstrap host and port
 * @param records how many there are
 */
public record ConsumerPerformance(String bootstrap, String topic, long records) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of the line that tells of a run: see the header that the tool prints above it. */
  private static final int FIELDS = 10;

  private static final int CONSUMED = 4;
  private static final int FETCH_MILLIS = 7;

  /** Reads everything. The time that the group takes to form does not count. */
  public Load run() throws IOException, InterruptedException {
    return parse(
        KafkaTool.run(
            "org.apache.kafka.tools.ConsumerPerformance",
            List.of(
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
                "--hide-header")));
  }

  Load parse(List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(", ");
      if (fields.length == FIELDS && Long.toString(records).equals(fields[CONSUMED])) {
        return new Load(
            records, Duration.ofMillis(Long.parseLong(fields[FETCH_MILLIS])), Optional.empty());
      }
    }
    throw new IllegalStateException(
        "not exactly %d records were read: %s".formatted(records, String.join("\n", lines)));
  }
}
