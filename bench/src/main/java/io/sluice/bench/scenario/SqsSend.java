package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.CannedAnswers;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.FlushedAnswers;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code sqs-send}: how fast messages go into a queue. */
public final class SqsSend implements Scenario {

  private record Work(int bytes, int batch, int connections) {

    String name() {
      return "%s, %s, %s"
          .formatted(
              bytes < 1000 ? bytes + " B" : bytes / 1000 + " KB",
              batch == 1 ? "single" : "batch of " + batch,
              Words.connections(connections));
    }
  }

  private record Sends(Work work, FreshQueue queue, Limit limit) implements BenchRun.Work {

    @Override
    public void before(RunningSystem system) {
      queue.renew();
    }

    @Override
    public Load drive(RunningSystem system) throws IOException {
      return QueuePeers.drive(
          system,
          work.connections,
          () -> Repeated.send(queue.url(), QueuePeers.message(work.bytes), work.batch),
          limit);
    }
  }

  private static final int SMALL = 100;
  private static final int LARGE = 10_000;
  private static final int BATCH = 10;
  private static final String DOOR_QUEUE = "door";
  private static final String NO_QUEUE = "http://127.0.0.1/000000000000/none";
  private static final Work BAR_SINGLE = new Work(SMALL, 1, 16);
  private static final Work BAR_BATCH = new Work(SMALL, BATCH, 16);

  /** What a heap of 1 GB holds of messages, with room to spare. */
  private static final long MOST_BYTES = 250_000_000;

  private static final int BYTES_PER_MESSAGE = 500;

  @Override
  public String name() {
    return "sqs-send";
  }

  @Override
  public String explanation() {
    return """
    `SendMessage` and `SendMessageBatch` into one queue, over keep-alive connections that each have
    one request under way. Rates and processor time are per message, latencies per request. Sluice
    acknowledges when the message is on disk; the peers keep it in memory. Each run has a new queue.
    `GetQueueUrl` keeps nothing: it shows what HTTP and JSON cost alone. "No server" is a process
    that sends the same answer for whatever arrives: what sockets and the waking of threads cost.
    "No server, flushed" also appends 200 B for each of 16 requests to a file, and flushes once, first.
    The generator is our own and takes about 10 µs of processor time per request on the reference
    machine, no more than `wrk` does against the same server.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    List<Work> works = bench.size(works(), List.of(BAR_SINGLE));
    for (SystemUnderTest system : QueuePeers.ALL) {
      bench.visit(
          system,
          running -> {
            QueuePeers.warm(bench, running);
            if (!bench.quick()) {
              measureDoor(bench, system, running);
            }
            for (Work work : works) {
              measure(bench, work, system, running);
            }
          });
    }
    if (!bench.quick()) {
      measureLimits(bench);
    }
    compareWithPeer(bench, BAR_SINGLE, "`SendMessage` 100 B, 16 connections", 45.0 / 42, 20.0 / 24);
    compareWithPeer(bench, BAR_BATCH, "`SendMessageBatch` of 10", 200.0 / 141, 5 / 7.8);
  }

  /** The factors are the bar's figures and those of fauxqs where it was set. */
  private static void compareWithPeer(
      BenchRun bench, Work work, String row, double rate, double cpu) {
    Fauxqs peer = new Fauxqs();
    Optional<Measurement> ours = bench.measured(work.name(), Sluice.DURABLE.name());
    Optional<Measurement> its = bench.measured(work.name(), peer.name());
    Bars.rate(bench, row + ", beside fauxqs", ours, its, rate);
    Bars.cpu(bench, row + ", beside fauxqs", ours, its, cpu);
  }

  /** What every server needs on this machine. */
  private static void measureLimits(BenchRun bench) throws Exception {
    measureLimit(
        bench,
        new CannedAnswers(),
        "Sockets and the waking of threads alone let %s through: no server can do better here.");
    measureLimit(
        bench,
        new FlushedAnswers(),
        "With a write and a flush for each 16 requests, and nothing else, it is %s.");
  }

  private static void measureLimit(BenchRun bench, SystemUnderTest none, String note)
      throws Exception {
    bench.visit(
        none,
        running -> {
          send(running, Limit.duration(Duration.ofSeconds(5)));
          Measurement limit =
              bench.measure(
                  "the same answer, 16 connections",
                  none,
                  running,
                  any -> send(running, Limit.duration(Duration.ofSeconds(2))));
          bench.note(note.formatted(Words.measured(limit)));
        });
  }

  private static Load send(RunningSystem running, Limit limit) throws IOException {
    return QueuePeers.drive(
        running,
        BAR_SINGLE.connections,
        () -> Repeated.send(NO_QUEUE, QueuePeers.message(BAR_SINGLE.bytes), 1),
        limit);
  }

  private static List<Work> works() {
    List<Work> works = new ArrayList<>();
    for (int bytes : new int[] {SMALL, LARGE}) {
      for (int batch : new int[] {1, BATCH}) {
        for (int connections : new int[] {1, 16, 32, 256}) {
          if (bytes == SMALL || connections != 16) {
            works.add(new Work(bytes, batch, connections));
          }
        }
      }
    }
    return works;
  }

  private static void measure(
      BenchRun bench, Work work, SystemUnderTest system, RunningSystem running) throws Exception {
    Limit limit =
        new Limit(
            Duration.ofMillis(bench.size(2000L, 1000L)),
            MOST_BYTES / (work.bytes + BYTES_PER_MESSAGE));
    try (FreshQueue queue = FreshQueue.standard(QueuePeers.calls(running))) {
      Measurement measurement =
          bench.measure(work.name(), system, running, new Sends(work, queue, limit));
      compareWithBar(bench, work, measurement);
    }
  }

  /** What a server's HTTP and JSON cost alone. */
  private static void measureDoor(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    QueuePeers.calls(running).createQueue(DOOR_QUEUE);
    bench.measure(
        "GetQueueUrl, 16 connections",
        system,
        running,
        any ->
            QueuePeers.drive(
                running,
                BAR_SINGLE.connections,
                () -> Repeated.askForUrl(DOOR_QUEUE),
                Limit.duration(Duration.ofSeconds(2))));
  }

  private static void compareWithBar(BenchRun bench, Work work, Measurement measurement) {
    if (!measurement.isSluice()) {
      return;
    }
    String measured = Words.measured(measurement);
    if (work.equals(BAR_SINGLE)) {
      bench.bar(
          "`SendMessage` 100 B, 16 connections",
          "≥ 45 k/s durable, ≤ 20 CPU-s per 1 M",
          measured,
          measurement.rate() >= 45_000 && measurement.cpuSecondsPerMillion() <= 20);
    } else if (work.equals(BAR_BATCH)) {
      bench.bar(
          "`SendMessageBatch` of 10",
          "≥ 200 k/s durable, ≤ 5 CPU-s per 1 M",
          measured,
          measurement.rate() >= 200_000 && measurement.cpuSecondsPerMillion() <= 5);
    }
  }
}
