package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.SingleRecords;
import io.sluice.bench.load.Topics;
import io.sluice.bench.system.ApacheKafka;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.util.List;

/** How long a single record takes to be acknowledged, and to reach a consumer. */
public final class KafkaLatency implements Scenario {

  private static final String ACKNOWLEDGED = "one at a time, acknowledged";
  private static final String END_TO_END = "one at a time, end to end";
  private static final String PACED = "10 k/s, end to end";
  private static final String TOPIC = "latency";
  private static final int PER_SECOND = 10_000;

  @Override
  public String name() {
    return "kafka-latency";
  }

  @Override
  public String explanation() {
    return """
    A producer (`acks=all`, `linger.ms=0`) sends records of 100 B to one partition, and a consumer in
    the same process polls. Acknowledged: from `send` until its future has the answer. End to end:
    from `send` until `poll` returns the record; the next one is sent after that. At 10 k/s: from
    when the record was due to be sent, so a sender held up is not left out (it sleeps until a record
    is due, which is some 60 µs late on Linux, for each system the same). The first tenth warms up.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system :
        bench.size(
            List.of(Sluice.DURABLE, Sluice.PAGE_CACHE, ApacheKafka.PAGE_CACHE, ApacheKafka.FLUSHED),
            List.of(Sluice.DURABLE, Sluice.PAGE_CACHE, ApacheKafka.PAGE_CACHE))) {
      bench.visit(system, running -> measure(bench, system, running));
    }
    if (!bench.quick()) {
      compare(bench);
    }
  }

  private static void measure(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    String bootstrap = running.kafka().orElseThrow();
    Topics.create(bootstrap, TOPIC, 1);
    SingleRecords records = new SingleRecords(bootstrap, TOPIC);
    int count = bench.size(5_000, 2_000);
    records.endToEnd(bench.size(20_000, 10_000), PER_SECOND);
    records.endToEnd(count);
    bench.measure(END_TO_END, system, running, measured -> records.endToEnd(count));
    if (!bench.quick()) {
      bench.measure(ACKNOWLEDGED, system, running, measured -> records.acknowledged(count));
      bench.measure(
          PACED, system, running, measured -> records.endToEnd(3 * PER_SECOND, PER_SECOND));
    }
  }

  private static void compare(BenchRun bench) {
    bench
        .measured(ACKNOWLEDGED, Sluice.DURABLE.name())
        .flatMap(measured -> measured.latencies())
        .ifPresent(
            reached ->
                bench.bar(
                    "Kafka produce with a flush per batch, acknowledged",
                    "≤ 300 µs p50",
                    Figures.micros(reached.p50Micros()),
                    reached.p50Micros() <= 300));
    compare(bench, Sluice.PAGE_CACHE, "`os`", 150, 400);
    compare(bench, Sluice.DURABLE, "durable", 350, 800);
    compareWithPeer(bench, Sluice.PAGE_CACHE, "`os`", 150.0 / 262, 400.0 / 550);
    compareWithPeer(bench, Sluice.DURABLE, "durable", 350.0 / 262, 800.0 / 550);
  }

  /** The factors are the bar's latencies and those of Apache Kafka where it was set. */
  private static void compareWithPeer(
      BenchRun bench, SystemUnderTest system, String promise, double p50, double p99) {
    Bars.latencies(
        bench,
        "one record end to end, p50 / p99, " + promise + ", beside Apache Kafka",
        bench.measured(END_TO_END, system.name()),
        bench.measured(END_TO_END, ApacheKafka.PAGE_CACHE.name()),
        p50,
        p99);
  }

  private static void compare(
      BenchRun bench, SystemUnderTest system, String promise, double p50, double p99) {
    bench
        .measured(END_TO_END, system.name())
        .flatMap(measured -> measured.latencies())
        .ifPresent(
            (Latencies reached) ->
                bench.bar(
                    "one record end to end, p50 / p99, " + promise,
                    "≤ %.0f / %.0f µs".formatted(p50, p99),
                    Figures.micros(reached.p50Micros())
                        + " / "
                        + Figures.micros(reached.p99Micros()),
                    reached.p50Micros() <= p50 && reached.p99Micros() <= p99));
  }
}
