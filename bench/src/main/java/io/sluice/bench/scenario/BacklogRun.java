package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Table;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadFailedException;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One system with few messages, with many, and after it was killed with those. Owned by the thread
 * of the scenario.
 */
final class BacklogRun {

  private static final int MESSAGE_BYTES = 100;
  private static final int CONNECTIONS = 16;
  private static final Duration RESTART_BAR = Duration.ofSeconds(2);
  private static final Duration RESTART_PATIENCE = Duration.ofMinutes(2);
  private static final long LOG_BYTES = 10_000_000_000L;
  private static final long LOG_BYTES_PER_MESSAGE = 200;
  private static final int RECORD_BYTES = 1024;

  private static final String RESTART = "restart after kill -9";
  private static final String RESTART_WANTED = "≤ 2 s, nothing acknowledged lost";
  private static final String NONE = "–";

  private final BenchRun bench;
  private final SystemUnderTest system;
  private final Path home;
  private final Table costs;
  private String queueUrl = "";
  private long left;
  private boolean restarted;

  BacklogRun(BenchRun bench, SystemUnderTest system, Path home, Table costs) {
    this.bench = bench;
    this.system = system;
    this.home = home;
    this.costs = costs;
  }

  private record Drains(Backlog backlog, long messages, Limit limit) implements BenchRun.Work {

    @Override
    public void before(RunningSystem system) throws Exception {
      backlog.fill(messages);
    }

    @Override
    public Load drive(RunningSystem system) throws IOException {
      return backlog.drain(CONNECTIONS, limit);
    }
  }

  void measure(long few, long many) throws Exception {
    bench.visitIn(system, home, running -> fill(running, few, many));
    if (!queueUrl.isEmpty()) {
      bench.visitIn(system, home, this::restarted);
      if (!restarted) {
        bench.bar(RESTART, RESTART_WANTED, "it did not start again", false);
      }
    }
  }

  /** What the table calls receiving with so many messages in the queue. */
  static String receiveWork(long messages) {
    return "receive and delete, " + waiting(messages);
  }

  /** What the table calls sending with so many messages in the queue. */
  static String sendWork(long messages) {
    return "send, " + waiting(messages);
  }

  private static String waiting(long messages) {
    return Figures.count((double) messages) + " wait";
  }

  private void fill(RunningSystem running, long few, long many) throws Exception {
    QueuePeers.warm(bench, running);
    long emptyHeap = system.liveHeapBytes(running);
    Backlog shortQueue = new Backlog(running, MESSAGE_BYTES);
    shortQueue.fill(few);
    double heapPerMessage = (system.liveHeapBytes(running) - emptyHeap) / (double) few;
    describe(running, shortQueue, NONE);
    Limit limit = new Limit(Duration.ofMillis(bench.size(3000L, 700L)), few * 9 / 10);
    Drains shortDrains = new Drains(shortQueue, few, limit);
    if (!QueuePeers.holds(bench, system, heapPerMessage, many)) {
      rates(running, List.of(shortDrains));
      return;
    }
    Backlog longQueue = new Backlog(running, MESSAGE_BYTES);
    longQueue.fill(many);
    rates(running, List.of(shortDrains, new Drains(longQueue, many, limit)));
    describe(running, longQueue, NONE);
    if (system.isSluice()) {
      queueUrl = longQueue.url();
      left = longQueue.allMessages();
      lengthenLog(running, many);
      running.process().kill();
    }
  }

  /** A restart is to read as much log as DESIGN.md says, or as little as the messages when few. */
  private static void lengthenLog(RunningSystem running, long messages) throws Exception {
    long missing = Math.min(LOG_BYTES, messages * LOG_BYTES_PER_MESSAGE) - running.diskBytes();
    if (missing > 0) {
      new ProducerPerformance(
              running.kafka().orElseThrow(), "more", missing / RECORD_BYTES, RECORD_BYTES)
          .run();
    }
  }

  /** The queues take turns, as the machine may be half as fast as it was some minutes ago. */
  private void rates(RunningSystem running, List<Drains> queues) throws Exception {
    for (int round = 0; round < bench.repetitions(); round++) {
      for (Drains each : queues) {
        bench.measureOnce(receiveWork(each.messages()), system, running, each);
      }
      for (Drains each : queues) {
        bench.measureOnce(
            sendWork(each.messages()),
            system,
            running,
            any -> each.backlog().send(CONNECTIONS, each.limit()));
      }
    }
  }

  private void restarted(RunningSystem running) throws InterruptedException {
    Backlog backlog = new Backlog(running, MESSAGE_BYTES, queueUrl);
    while (backlog.receive() == 0) {
      if (running.process().sinceStart().compareTo(RESTART_PATIENCE) > 0) {
        throw new LoadFailedException("nothing could be received after the restart");
      }
    }
    Duration restart = running.process().sinceStart();
    long found = backlog.allMessages();
    if (found != left) {
      throw new LoadFailedException(
          "%d messages were there before the restart, and %d after it".formatted(left, found));
    }
    describe(running, backlog, Figures.micros(restart.toNanos() / 1e3));
    restarted = true;
    bench.bar(
        RESTART + " with %s on disk".formatted(Figures.bytes((double) running.diskBytes())),
        RESTART_WANTED,
        Figures.micros(restart.toNanos() / 1e3) + ", all %d messages there".formatted(found),
        restart.compareTo(RESTART_BAR) <= 0);
  }

  private void describe(RunningSystem running, Backlog backlog, String restart)
      throws InterruptedException {
    long disk = running.diskBytes();
    costs.add(
        system.name(),
        Figures.count((double) backlog.allMessages()),
        Figures.bytes((double) system.liveHeapBytes(running)),
        Figures.bytes((double) running.process().residentBytes()),
        system.isSluice() ? Figures.bytes((double) disk) : NONE,
        restart);
  }
}
