package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.Dialogue;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ReceiveAndDelete;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.load.SendToGroups;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** {@code fifo}: what order within message groups, and deduplication, cost a queue. */
public final class Fifo implements Scenario {

  private static final int MESSAGE_BYTES = 100;
  private static final int BATCH = 10;
  private static final int CONNECTIONS = 16;
  private static final int ONE_GROUP = 1;
  private static final int SOME_GROUPS = 100;
  private static final int MANY_GROUPS = 100_000;

  /** Some in each of many groups; peers have memory for as many. */
  private static final long MESSAGES = 200_000;

  private static final long QUICK_MESSAGES = 10_000;
  private static final int WARM_ROUNDS = 3;

  /** A peer whose FIFO queue is slower the more there is in it never gets all of them in. */
  private static final Duration FILL_PATIENCE = Duration.ofSeconds(10);

  /** What a queue is filled with. */
  private sealed interface Kind {

    String name();

    FreshQueue queue(AwsCalls calls);

    /** What each connection says to a queue that is empty. */
    Supplier<? extends Dialogue> sends(String url);

    default Load fill(RunningSystem system, String url, Limit limit) throws IOException {
      return QueuePeers.drive(system, CONNECTIONS, sends(url), limit);
    }
  }

  private record Groups(int count) implements Kind {

    @Override
    public String name() {
      return String.format(Locale.ROOT, count == 1 ? "%d group" : "%,d groups", count);
    }

    @Override
    public FreshQueue queue(AwsCalls calls) {
      return FreshQueue.fifo(calls);
    }

    @Override
    public Supplier<? extends Dialogue> sends(String url) {
      return SendToGroups.of(url, QueuePeers.message(MESSAGE_BYTES), count);
    }
  }

  private record Standard() implements Kind {

    @Override
    public String name() {
      return "standard queue";
    }

    @Override
    public FreshQueue queue(AwsCalls calls) {
      return FreshQueue.standard(calls);
    }

    @Override
    public Supplier<? extends Dialogue> sends(String url) {
      return () -> Repeated.send(url, QueuePeers.message(MESSAGE_BYTES), BATCH);
    }
  }

  private record Fills(Kind kind, FreshQueue queue, Limit limit) implements BenchRun.Work {

    @Override
    public void before(RunningSystem system) {
      queue.renew();
    }

    @Override
    public Load drive(RunningSystem system) throws IOException {
      return kind.fill(system, queue.url(), limit);
    }
  }

  /**
   * A new queue each time: what the last run left in flight would keep its groups waiting. Owned by
   * the thread of the scenario.
   */
  private static final class Drains implements BenchRun.Work {
    private final Kind kind;
    private final FreshQueue queue;
    private final int connections;
    private final Limit filling;
    private final Duration duration;
    private long filled;

    Drains(Kind kind, FreshQueue queue, int connections, long messages, Duration duration) {
      this.kind = kind;
      this.queue = queue;
      this.connections = connections;
      this.filling = new Limit(FILL_PATIENCE, messages);
      this.duration = duration;
    }

    @Override
    public void before(RunningSystem system) throws IOException {
      filled = kind.fill(system, queue.renew(), filling).units();
    }

    @Override
    public Load drive(RunningSystem system) throws IOException {
      return QueuePeers.drive(
          system,
          connections,
          () -> new ReceiveAndDelete(queue.url()),
          new Limit(duration, filled * 9 / 10));
    }
  }

  private static final Kind STANDARD = new Standard();
  private static final List<Kind> KINDS =
      List.of(STANDARD, new Groups(ONE_GROUP), new Groups(SOME_GROUPS), new Groups(MANY_GROUPS));

  @Override
  public String name() {
    return "fifo";
  }

  @Override
  public String explanation() {
    return """
    A new FIFO queue is filled with `SendMessageBatch` of ten, 100 B each, every message with a
    `MessageDeduplicationId` of its own and in one group (`MessageGroupId`) after the other; then one
    that has been filled, with 200,000 or what a system takes in 10 s, is drained with
    `ReceiveMessage` of ten and `DeleteMessageBatch` of them.
    Rates and processor time are per message, latencies per request. Of 16 connections that drain
    one group one has messages and 15 ask in vain until those are deleted: a queue can do no better,
    and what they ask costs the server; so there is also a row with one connection. A standard queue
    with the same messages, without groups and ids, shows what FIFO costs.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    for (SystemUnderTest system : QueuePeers.ALL) {
      bench.visit(
          system,
          running -> {
            QueuePeers.warm(bench, running);
            warm(bench, running);
            for (Kind kind : KINDS) {
              measure(bench, kind, system, running);
            }
          });
      compareWithStandard(bench, system);
    }
  }

  /** Lets a server compile what only FIFO queues need. */
  private static void warm(BenchRun bench, RunningSystem running) throws IOException {
    Kind kind = new Groups(SOME_GROUPS);
    try (FreshQueue queue = kind.queue(QueuePeers.calls(running))) {
      Drains drains = new Drains(kind, queue, CONNECTIONS, messages(bench), Duration.ofSeconds(5));
      for (int round = 0; round < bench.size(WARM_ROUNDS, 1); round++) {
        drains.before(running);
        drains.drive(running);
      }
    }
  }

  private static void measure(
      BenchRun bench, Kind kind, SystemUnderTest system, RunningSystem running) throws Exception {
    Duration duration = Duration.ofMillis(bench.size(2000L, 1000L));
    long messages = messages(bench);
    try (FreshQueue queue = kind.queue(QueuePeers.calls(running))) {
      bench.measureIfAble(
          fillWork(kind), system, running, new Fills(kind, queue, new Limit(duration, messages)));
      for (int connections : drainConnections(kind)) {
        bench.measureIfAble(
            drainWork(kind, connections),
            system,
            running,
            new Drains(kind, queue, connections, messages, duration));
      }
    }
  }

  private static List<Integer> drainConnections(Kind kind) {
    return kind.equals(new Groups(ONE_GROUP)) ? List.of(1, CONNECTIONS) : List.of(CONNECTIONS);
  }

  private static long messages(BenchRun bench) {
    return bench.size(MESSAGES, QUICK_MESSAGES);
  }

  private static String fillWork(Kind kind) {
    return "fill, %s, %s".formatted(kind.name(), Words.connections(CONNECTIONS));
  }

  private static String drainWork(Kind kind, int connections) {
    return "drain, %s, %s".formatted(kind.name(), Words.connections(connections));
  }

  private static void compareWithStandard(BenchRun bench, SystemUnderTest system) {
    Kind groups = new Groups(SOME_GROUPS);
    compare(bench, system, fillWork(groups), fillWork(STANDARD));
    compare(bench, system, drainWork(groups, CONNECTIONS), drainWork(STANDARD, CONNECTIONS));
  }

  private static void compare(
      BenchRun bench, SystemUnderTest system, String work, String standardWork) {
    bench
        .measured(work, system.name())
        .ifPresent(
            fifo ->
                bench
                    .measured(standardWork, system.name())
                    .ifPresent(standard -> bench.note(compared(fifo, standard))));
  }

  private static String compared(Measurement fifo, Measurement standard) {
    String ratios =
        "%s, \"%s\" beside \"%s\": %s the rate, %s the CPU"
            .formatted(
                fifo.system(),
                fifo.work(),
                standard.work(),
                Figures.times(fifo.rate() / standard.rate()),
                Figures.times(fifo.cpuSecondsPerMillion() / standard.cpuSecondsPerMillion()));
    return fifo.isSluice()
        ? "%s, %s on disk for each message beside %s."
            .formatted(
                ratios,
                Figures.bytes(fifo.diskBytesPerUnit()),
                Figures.bytes(standard.diskBytesPerUnit()))
        : ratios + ".";
  }
}
