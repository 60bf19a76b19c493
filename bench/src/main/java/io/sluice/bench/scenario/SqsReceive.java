package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.SendReceiveDelete;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;

/** {@code sqs-receive}: how fast messages come out of a queue, with more and more behind them. */
public final class SqsReceive implements Scenario {

  private static final int SMALL = 100;
  private static final int LARGE = 10_000;
  private static final int SOME_CONNECTIONS = 32;
  private static final long SHORT = 50_000;
  private static final long LARGE_SHORT = 40_000;
  private static final long LONG = 350_000;
  private static final long HUGE = 10_000_000;

  /** The messages that wait: so many before each run, so that it never meets the end of them. */
  private record Drains(Backlog backlog, long messages, int connections, Duration duration)
      implements BenchRun.Work {

    @Override
    public void before(RunningSystem system) throws Exception {
      backlog.fill(messages);
    }

    @Override
    public Load drive(RunningSystem system) throws IOException {
      return backlog.drain(connections, new Limit(duration, messages * 9 / 10));
    }
  }

  @Override
  public String name() {
    return "sqs-receive";
  }

  @Override
  public String explanation() {
    return """
    `ReceiveMessage` of ten, then `DeleteMessageBatch` of them, on each connection. With an empty
    queue each connection also sends the ten before, with `SendMessageBatch`, and all three are
    counted. A backlog is filled up again before each run. Rates and processor time are per message,
    latencies per request.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system : QueuePeers.ALL) {
      bench.visit(
          system,
          running -> {
            QueuePeers.warm(bench, running);
            if (bench.quick()) {
              try (Backlog backlog = new Backlog(running, SMALL)) {
                drain(bench, system, running, backlog, SHORT, SOME_CONNECTIONS, "100 B");
              }
            } else {
              measure(bench, system, running);
            }
          });
    }
  }

  private static void measure(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    keptEmpty(bench, system, running, 1);
    keptEmpty(bench, system, running, SOME_CONNECTIONS);
    try (Backlog backlog = new Backlog(running, LARGE)) {
      drain(bench, system, running, backlog, LARGE_SHORT, SOME_CONNECTIONS, "10 KB");
    }
    long heapBefore = system.liveHeapBytes(running);
    try (Backlog backlog = new Backlog(running, SMALL)) {
      backlog.fill(LONG);
      double heapPerMessage = (system.liveHeapBytes(running) - heapBefore) / (double) LONG;
      drain(bench, system, running, backlog, LONG, 1, "100 B");
      drain(bench, system, running, backlog, LONG, 256, "100 B");
      Measurement bar = drain(bench, system, running, backlog, LONG, SOME_CONNECTIONS, "100 B");
      compareWithBar(bench, bar);
      if (QueuePeers.holds(bench, system, heapPerMessage, HUGE)) {
        drain(bench, system, running, backlog, HUGE, SOME_CONNECTIONS, "100 B");
      }
    }
  }

  private static void keptEmpty(
      BenchRun bench, SystemUnderTest system, RunningSystem running, int connections)
      throws Exception {
    try (Backlog queue = new Backlog(running, SMALL)) {
      String message = QueuePeers.message(SMALL);
      bench.measure(
          "100 B, sent too, kept empty, " + Words.connections(connections),
          system,
          running,
          any ->
              QueuePeers.drive(
                  running,
                  connections,
                  () -> new SendReceiveDelete(queue.url(), message),
                  Limit.duration(duration(bench))));
    }
  }

  private static Measurement drain(
      BenchRun bench,
      SystemUnderTest system,
      RunningSystem running,
      Backlog backlog,
      long messages,
      int connections,
      String size)
      throws Exception {
    String work =
        "%s, %s wait, %s"
            .formatted(size, Figures.count((double) messages), Words.connections(connections));
    Drains drains = new Drains(backlog, messages, connections, duration(bench));
    return bench.measure(work, system, running, drains);
  }

  private static Duration duration(BenchRun bench) {
    return Duration.ofMillis(bench.size(2000L, 1000L));
  }

  private static void compareWithBar(BenchRun bench, Measurement measurement) {
    if (measurement.isSluice()) {
      bench.bar(
          "receive 10 + delete 10",
          "≥ 80 k/s durable, ≤ 15 CPU-s per 1 M",
          Words.measured(measurement),
          measurement.rate() >= 80_000 && measurement.cpuSecondsPerMillion() <= 15);
    }
  }
}
