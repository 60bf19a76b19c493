package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Sample;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code fan-out}: what a publish costs when more and more queues get it. */
public final class FanOut implements Scenario {

  private static final int CONNECTIONS = 16;
  private static final int MESSAGE_BYTES = 100;
  private static final List<SystemUnderTest> SYSTEMS = List.of(Sluice.DURABLE, new Fauxqs());
  private static final double FLAT = 1.25;

  /** What a run may leave in the memory of a peer, which keeps a copy for each queue. */
  private static final long PEER_COPIES = 200_000;

  /** Publishes, and then makes sure that every queue has got everything. */
  private record Publishes(FanOutTopic topic, Limit limit) implements BenchRun.Work {

    @Override
    public Load drive(RunningSystem system) throws IOException {
      String message = QueuePeers.message(MESSAGE_BYTES);
      Load load =
          QueuePeers.drive(
              system, CONNECTIONS, () -> Repeated.publish(topic.arn(), message), limit);
      topic.published(load.units());
      return load;
    }

    @Override
    public void after(RunningSystem system) throws InterruptedException {
      topic.requireAllDelivered();
    }
  }

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
    for (SystemUnderTest system : SYSTEMS) {
      bench.visit(
          system,
          running -> {
            warm(bench, running);
            for (int queues : bench.size(List.of(1, 10, 100, 1000), List.of(1, 100))) {
              measure(bench, system, running, queues);
            }
          });
    }
    bench.table(costs);
    compareWithBar(bench);
  }

  private static void warm(BenchRun bench, RunningSystem running) throws IOException {
    try (FanOutTopic topic = new FanOutTopic(running, 1)) {
      Limit limit = new Limit(Duration.ofMillis(bench.size(10_000L, 1500L)), PEER_COPIES);
      new Publishes(topic, limit).drive(running);
    }
  }

  private void measure(BenchRun bench, SystemUnderTest system, RunningSystem running, int queues)
      throws Exception {
    Duration duration = Duration.ofMillis(bench.size(3000L, 1000L));
    Limit limit =
        system.isSluice() ? Limit.duration(duration) : new Limit(duration, PEER_COPIES / queues);
    try (FanOutTopic topic = new FanOutTopic(running, queues)) {
      long heapBefore = system.liveHeapBytes(running);
      long diskBefore = running.diskBytes();
      Measurement measurement =
          bench.measure(work(queues), system, running, new Publishes(topic, limit));
      double deliveries = (double) topic.published() * queues;
      double heap = system.liveHeapBytes(running) - heapBefore;
      double disk = running.diskBytes() - diskBefore;
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
    bench
        .measured(work(1), Sluice.DURABLE.name())
        .ifPresent(
            one ->
                bench
                    .measured(work(100), Sluice.DURABLE.name())
                    .ifPresent(hundred -> compareCosts(bench, one, hundred)));
  }

  private static void compareCosts(BenchRun bench, Measurement one, Measurement hundred) {
    double cpu = hundred.cpuSecondsPerMillion() / one.cpuSecondsPerMillion();
    bench.bar(
        "CPU per SNS publish, 100 queues beside 1",
        "flat: ≤ " + Figures.times(FLAT),
        Figures.times(cpu),
        cpu <= FLAT);
    double disk = diskPerPublish(hundred) / diskPerPublish(one);
    bench.bar(
        "disk per SNS publish, 100 queues beside 1",
        "one copy: ≤ " + Figures.times(FLAT),
        Figures.times(disk),
        disk <= FLAT);
  }

  private static double diskPerPublish(Measurement measurement) {
    double bytes = 0;
    double publishes = 0;
    for (Sample sample : measurement.samples()) {
      bytes += sample.diskBytes();
      publishes += sample.load().units();
    }
    return bytes / publishes;
  }
}
