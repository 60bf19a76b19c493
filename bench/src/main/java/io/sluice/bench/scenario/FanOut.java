package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.Limit;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.util.List;

/** {@code fan-out}: what a publish costs when more and more queues get it. */
public final class FanOut implements Scenario {

  private static final double FLAT = 1.25;

  private final Table costs =
      new Table("work", "system", "CPU per publish", "on disk per delivery", "heap per delivery");

  @Override
  public String name() {
    return "fan-out";
  }

  @Override
  public String explanation() {
    return """
    `Publish` of 100 B to an SNS topic that 1 to 1,000 SQS queues are subscribed to, over 16
    connections. Rates are publishes per second; after each run every queue is asked whether it has
    got all of them. ElasticMQ has no SNS.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system : Publishes.SYSTEMS) {
      bench.visit(
          system,
          running -> {
            try (SubscribedTopic topic = SubscribedTopic.fanOut(running, 1)) {
              Publishes.warm(bench, running, topic);
            }
            for (int queues : bench.size(List.of(1, 10, 100, 1000), List.of(1, 100))) {
              measure(bench, system, running, queues);
            }
          });
    }
    bench.table(costs);
    compareWithBar(bench);
  }

  private void measure(BenchRun bench, SystemUnderTest system, RunningSystem running, int queues)
      throws Exception {
    Limit limit = Publishes.limit(bench, system, queues);
    try (SubscribedTopic topic = SubscribedTopic.fanOut(running, queues)) {
      long heapBefore = system.liveHeapBytes(running);
      long diskBefore = running.keptBytes();
      Measurement measurement =
          bench.measure(work(queues), system, running, new Publishes(topic, limit));
      double deliveries = (double) topic.published() * queues;
      double heap = system.liveHeapBytes(running) - heapBefore;
      double disk = running.keptBytes() - diskBefore;
      costs.add(
          work(queues),
          system.name(),
          Figures.micros(measurement.cpuSecondsPerMillion()),
          system.isSluice() ? Figures.bytes(disk / deliveries) : "–",
          Figures.bytes(Math.max(0, heap / deliveries)));
    }
  }

  private static String work(int queues) {
    return queues + (queues == 1 ? " queue" : " queues");
  }

  private static void compareWithBar(BenchRun bench) {
    for (int queues : new int[] {1, 10, 100}) {
      bench
          .measured(work(queues), Sluice.DURABLE.name())
          .ifPresent(
              ours ->
                  bench.bar(
                      "SNS publish to " + work(queues),
                      "≥ 35 k/s",
                      Words.measured(ours),
                      ours.rate() >= 35_000));
    }
    compareWithPeer(bench, 1, 35.0 / 34);
    compareWithPeer(bench, 10, 35 / 14.7);
    compareWithPeer(bench, 100, 35 / 2.2);
    bench
        .measured(work(1), Sluice.DURABLE.name())
        .ifPresent(
            one ->
                bench
                    .measured(work(100), Sluice.DURABLE.name())
                    .ifPresent(hundred -> compareCosts(bench, one, hundred)));
  }

  /** The factor is the bar's rate and that of fauxqs where it was set. */
  private static void compareWithPeer(BenchRun bench, int queues, double factor) {
    Bars.rate(
        bench,
        "SNS publish to " + work(queues) + ", beside fauxqs",
        bench.measured(work(queues), Sluice.DURABLE.name()),
        bench.measured(work(queues), new Fauxqs().name()),
        factor);
  }

  private static void compareCosts(BenchRun bench, Measurement one, Measurement hundred) {
    double cpu = hundred.cpuSecondsPerMillion() / one.cpuSecondsPerMillion();
    bench.bar(
        "CPU per SNS publish, 100 queues beside 1",
        "flat: ≤ " + Figures.times(FLAT),
        Figures.times(cpu),
        cpu <= FLAT);
    double disk = hundred.diskBytesPerUnit() / one.diskBytesPerUnit();
    bench.bar(
        "disk per SNS publish, 100 queues beside 1",
        "one copy: ≤ " + Figures.times(FLAT),
        Figures.times(disk),
        disk <= FLAT);
  }
}
