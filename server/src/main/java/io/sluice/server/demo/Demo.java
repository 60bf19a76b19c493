package io.sluice.server.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The play: three acts and a latecomer. Owned by the thread that calls {@link #play()}. */
final class Demo {

  private static final int PARTITIONS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final PrintStream out;
  private final boolean terminal;
  private final List<String> command;
  private final Path folder;
  private final int ordersPerAct;
  private final Checks checks;

  Demo(PrintStream out, boolean terminal, List<String> command, Path folder, int ordersPerAct) {
    this.out = out;
    this.terminal = terminal;
    this.command = command;
    this.folder = folder;
    this.ordersPerAct = ordersPerAct;
    this.checks = new Checks(out);
  }

  /** Whether every check held. */
  boolean play() throws InterruptedException {
    Instant opening = Instant.now().minusSeconds(1);
    try (BrokerProcess broker = startBroker(List.of("0", "0", "0"));
        Clients clients = Clients.of(broker)) {
      out.printf(
          "Sluice is ready after %d ms: kafka %s, aws %s%n",
          broker.startToReady().toMillis(), broker.kafka(), broker.aws());
      out.println("Idle memory: " + residentMemory(broker));
      play(broker, clients, opening);
    }
    out.println(checks.summary());
    return checks.allHold();
  }

  private void play(BrokerProcess broker, Clients clients, Instant opening)
      throws InterruptedException {
    try (Cast cast = new Cast(broker.kafka(), clients, folder)) {
      Verdict verdict = new Verdict(checks, cast);
      awaitThreeMembers(cast);
      act("Act 1: every order to every team, to one worker in each", cast, () -> steadyState(cast));
      verdict.steadyState();
      List<Order> abandoned =
          act("Act 2: a dispatch worker and a metrics member die", cast, () -> deaths(cast));
      verdict.deaths(abandoned, PARTITIONS);
      try (BrokerProcess second =
          act("Act 3: kill -9 while orders are published", cast, () -> crash(cast, broker))) {
        verdict.crash();
        act("Act 4: a fourth team arrives and wants history", cast, () -> history(cast, opening));
        verdict.history();
        cast.close();
        out.println("          memory at the end: " + residentMemory(second));
        int exit = second.terminate(STOP);
        checks.that(exit == 0, "SIGTERM ends the broker with exit code " + exit);
      }
    }
  }

  /** Something that happens while the table shows it. */
  private interface Act<T> {
    T play() throws InterruptedException;
  }

  private <T> T act(String title, Cast cast, Act<T> act) throws InterruptedException {
    out.println(title);
    try (LiveTable table = new LiveTable(out, terminal, cast)) {
      return act.play();
    }
  }

  /** The two members in this process share the topic with one that this process cannot ask. */
  private static void awaitThreeMembers(Cast cast) throws InterruptedException {
    await(
        () ->
            cast.survivors.stream().allMatch(member -> member.assigned().size() == PARTITIONS / 3));
  }

  private int steadyState(Cast cast) throws InterruptedException {
    cast.shop.publish(ordersPerAct);
    await(() -> cast.everyoneHasEverything(cast.teams()));
    return cast.shop.acknowledgedCount();
  }

  private List<Order> deaths(Cast cast) throws InterruptedException {
    cast.doomedWorker.die();
    cast.shop.publish(ordersPerAct / 2);
    List<Order> abandoned = cast.doomedWorker.abandoned();
    cast.doomedMember.kill();
    cast.shop.publish(ordersPerAct - ordersPerAct / 2);
    await(() -> cast.everyoneHasEverything(cast.teams()));
    await(() -> cast.ownedBySurvivors().size() == PARTITIONS);
    return abandoned;
  }

  private BrokerProcess crash(Cast cast, BrokerProcess broker) throws InterruptedException {
    int before = cast.shop.acknowledgedCount();
    try (var clerk = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> publishing =
          CompletableFuture.runAsync(() -> publish(cast.shop), clerk);
      await(() -> cast.shop.acknowledgedCount() >= before + ordersPerAct / 3);
      broker.kill();
      int atCrash = cast.shop.acknowledgedCount() - before;
      BrokerProcess second = startBroker(broker.ports());
      publishing.join();
      await(() -> cast.everyoneHasEverything(cast.teams()));
      checks.that(
          atCrash < ordersPerAct,
          "the broker was killed when %d of %d orders were acknowledged; restarted in %d ms;"
                  .formatted(atCrash, ordersPerAct, second.startToReady().toMillis())
              + " publishes tried again: "
              + cast.shop.retried());
      return second;
    }
  }

  private void publish(Shop shop) {
    try {
      shop.publish(ordersPerAct);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private int history(Cast cast, Instant opening) throws InterruptedException {
    cast.latecomersArrive(opening);
    await(() -> cast.everyoneHasEverything(cast.latecomers()));
    await(() -> cast.leftInQueues() == 0);
    return cast.historyQueue.count();
  }

  private BrokerProcess startBroker(List<String> ports) {
    List<String> options =
        List.of(
            "--data", folder.resolve("data").toString(),
            "--default-partitions", Integer.toString(PARTITIONS),
            "--group-initial-rebalance-delay-ms", "0",
            "--group-heartbeat-interval-ms", "500",
            "--kafka-port", ports.get(0),
            "--aws-port", ports.get(1),
            "--admin-port", ports.get(2));
    return BrokerProcess.start(command, options, folder.resolve("broker.log"));
  }

  /** Waits for a condition; when patience ends, the check that follows says what is missing. */
  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  private static String residentMemory(BrokerProcess broker) {
    return broker.residentBytes().isPresent()
        ? String.format(Locale.ROOT, "%.0f MiB", broker.residentBytes().getAsLong() / 1048576.0)
        : "unknown on this system";
  }
}
