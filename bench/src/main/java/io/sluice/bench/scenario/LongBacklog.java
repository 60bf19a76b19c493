package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.system.ElasticMq;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code backlog}: whether a queue, and a restart, minds how many messages wait. */
public final class LongBacklog implements Scenario {

  private static final long FEW = 200_000;
  private static final long MANY = 50_000_000;
  private static final long QUICK_FEW = 20_000;

  /** Enough to come by the same way as the many. */
  private static final long QUICK_MANY = 2_000_000;

  private static final double SAME = 0.9;

  private static final List<SystemUnderTest> SYSTEMS =
      List.of(Sluice.SMALL, new ElasticMq(), new Fauxqs());

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public String explanation() {
    return """
    100 B messages in one queue, 16 connections, batches of ten: sending, and receiving + deleting,
    with few messages in it and with very many (a Kafka producer brings those into Sluice's queue;
    its queues of both kinds stand in one broker with a heap of 256 MB, and take turns).
    Rates and processor time are per message. The restart is measured from exec to the first answer
    of `ReceiveMessage` that holds a message, with 10 GB of log (records of 1 KiB in another topic make
    it that long); the peers keep nothing.
    """;
  }

  @Override
  public boolean isQuick() {
    return false;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    long few = bench.size(FEW, QUICK_FEW);
    long many = bench.size(MANY, QUICK_MANY);
    Table costs =
        new Table("system", "messages", "live heap", "RSS", "on disk", "restart after kill -9");
    for (SystemUnderTest system : bench.size(SYSTEMS, List.of(Sluice.SMALL))) {
      Path home = Files.createTempDirectory(bench.folder(), "backlog");
      try {
        new BacklogRun(bench, system, home, costs).measure(few, many);
      } finally {
        BenchRun.delete(home);
      }
    }
    bench.table(costs);
    compareWithBar(bench, few, many);
  }

  private static void compareWithBar(BenchRun bench, long few, long many) {
    String behind = "behind %s messages".formatted(Figures.count((double) many));
    compare(
        bench,
        "receive 10 + delete 10 " + behind,
        BacklogRun.receiveWork(few),
        BacklogRun.receiveWork(many));
    compare(bench, "send 10 " + behind, BacklogRun.sendWork(few), BacklogRun.sendWork(many));
  }

  private static void compare(BenchRun bench, String bar, String withFew, String withMany) {
    Optional<Measurement> few = bench.measured(withFew, Sluice.SMALL.name());
    Optional<Measurement> many = bench.measured(withMany, Sluice.SMALL.name());
    if (few.isPresent() && many.isPresent()) {
      double factor = many.get().rate() / few.get().rate();
      bench.bar(
          bar + ", heap of 256 MB",
          "the same: ≥ %s its rate with few".formatted(Figures.times(SAME)),
          Figures.times(factor) + " (" + Words.measured(many.get()) + ")",
          factor >= SAME);
    }
  }
}
