package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code filter}: what a publish costs when many subscriptions have filters and one matches. */
public final class Filtering implements Scenario {

  private static final int CONNECTIONS = 16;
  private static final int MESSAGE_BYTES = 100;
  private static final List<SystemUnderTest> SYSTEMS = List.of(Sluice.DURABLE, new Fauxqs());

  /** What a run may leave in the memory of a peer. */
  private static final long PEER_MESSAGES = 200_000;

  /** Publishes, and then makes sure that the one queue has got everything and no other anything. */
  private record Publishes(FilteredTopic topic, Limit limit) implements BenchRun.Work {

    @Override
    public Load drive(RunningSystem system) throws IOException {
      String message = QueuePeers.message(MESSAGE_BYTES);
      Load load = QueuePeers.drive(system, CONNECTIONS, () -> topic.publish(message), limit);
      topic.published(load.units());
      return load;
    }

    @Override
    public void after(RunningSystem system) throws InterruptedException {
      topic.requireDelivered();
    }
  }

  private final Table costs = new Table("work", "system", "CPU per publish", "on disk per publish");

  @Override
  public String name() {
    return "filter";
  }

  @Override
  public String explanation() {
    return """
    `Publish` of 100 B with one attribute to an SNS topic that 1 to 100 SQS queues are subscribed to
    with a filter policy on that attribute, over 16 connections; one of them matches. Rates are
    publishes per second; after each run every queue is asked how many messages it has, which for
    Sluice is when filters are evaluated. ElasticMQ has no SNS.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system : SYSTEMS) {
      bench.visit(
          system,
          running -> {
            try (FilteredTopic topic = new FilteredTopic(running, 1)) {
              Limit limit = new Limit(Duration.ofMillis(bench.size(10_000L, 1500L)), PEER_MESSAGES);
              new Publishes(topic, limit).drive(running);
            }
            for (int queues : bench.size(List.of(1, 10, 100), List.of(1, 100))) {
              measure(bench, system, running, queues);
            }
          });
    }
    bench.table(costs);
  }

  private void measure(BenchRun bench, SystemUnderTest system, RunningSystem running, int queues)
      throws Exception {
    Duration duration = Duration.ofMillis(bench.size(3000L, 1000L));
    Limit limit = system.isSluice() ? Limit.duration(duration) : new Limit(duration, PEER_MESSAGES);
    try (FilteredTopic topic = new FilteredTopic(running, queues)) {
      long diskBefore = running.diskBytes();
      Measurement measurement =
          bench.measure(work(queues), system, running, new Publishes(topic, limit));
      double disk = running.diskBytes() - diskBefore;
      costs.add(
          work(queues),
          system.name(),
          Figures.micros(measurement.cpuSecondsPerMillion()),
          system.isSluice() ? Figures.bytes(disk / topic.published()) : "–");
    }
  }

  private static String work(int queues) {
    return queues + (queues == 1 ? " filter" : " filters, 1 matches");
  }
}
