package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.Limit;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.SystemUnderTest;
import java.util.List;

/** {@code filter}: what a publish costs when many subscriptions have filters and one matches. */
public final class Filtering implements Scenario {

  private final Table costs =
      new Table(
          "work", "system", "CPU per publish", "with counting and judging", "on disk per publish");

  @Override
  public String name() {
    return "filter";
  }

  @Override
  public String explanation() {
    return """
    `Publish` of 100 B with one attribute to an SNS topic that 1 to 100 SQS queues are subscribed to
    with a filter policy on that attribute, over 16 connections; one of them matches. Rates are
    publishes per second; after each run every queue is asked how many messages it has. Sluice
    evaluates filters only then, since nobody receives; so the second table has the processor time
    of both. ElasticMQ has no SNS.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system : Publishes.SYSTEMS) {
      bench.visit(
          system,
          running -> {
            try (SubscribedTopic topic = SubscribedTopic.filtered(running, 1)) {
              Publishes.warm(bench, running, topic);
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
    Limit limit = Publishes.limit(bench, system, 1);
    try (SubscribedTopic topic = SubscribedTopic.filtered(running, queues)) {
      long diskBefore = running.keptBytes();
      double cpuBefore = running.process().cpuSeconds();
      Measurement measurement =
          bench.measure(work(queues), system, running, new Publishes(topic, limit));
      double cpu = running.process().cpuSeconds() - cpuBefore;
      double disk = running.keptBytes() - diskBefore;
      costs.add(
          work(queues),
          system.name(),
          Figures.micros(measurement.cpuSecondsPerMillion()),
          Figures.micros(cpu * 1e6 / topic.published()),
          system.isSluice() ? Figures.bytes(disk / topic.published()) : "–");
    }
  }

  private static String work(int queues) {
    return queues + (queues == 1 ? " filter" : " filters, 1 matches");
  }
}
