package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.FirstAnswer;
import io.sluice.bench.load.Topics;
import io.sluice.bench.system.ApacheKafka;
import io.sluice.bench.system.ElasticMq;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.ResidentMemory;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.ServerProcess;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code start}: how soon a system answers, and what it holds while it does nothing. */
public final class Start implements Scenario {

  private static final int TOPICS = 1_000;
  private static final int STARTS = 7;
  private static final int STARTS_WITH_TOPICS = 3;
  private static final double BAR_MILLIS = 400;
  private static final double BAR_BYTES = 100e6;

  /** One start, as far as it is measured. */
  private record Started(
      double firstAnswerMillis,
      double cpuSeconds,
      long idleBytes,
      Optional<ResidentMemory> idleMemory) {}

  /** How long the peers took where the bar was set, in ms. */
  private static final Map<String, Double> PEERS_MILLIS =
      Map.of(
          ApacheKafka.PAGE_CACHE.name(), 1900.0,
          new ElasticMq().name(), 1350.0,
          new Fauxqs().name(), 170.0);

  /** The median of the starts with an empty folder, in ms. */
  private double ourMillis;

  private final Table table =
      new Table(
          "data", "system", "first answer", "(min – max)", "CPU until then", "idle RSS", "starts");

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String explanation() {
    return """
    From `exec` of the command until the first request is answered: Kafka's ApiVersions where it is
    spoken, otherwise SQS's ListQueues; for Sluice both, one after the other. Sluice is started by its
    launcher. Idle is what is resident ten seconds after the last start. The folder of 1,000 topics was left by a
    regular stop; the queues of the other peers live in memory, so they have no such folder.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    List<SystemUnderTest> systems =
        List.of(Sluice.DURABLE, ApacheKafka.PAGE_CACHE, new ElasticMq(), new Fauxqs());
    for (SystemUnderTest system : systems) {
      List<Started> starts = new ArrayList<>();
      for (int left = bench.size(STARTS, 1); left > 0; left--) {
        boolean isLast = left == 1;
        bench.visit(system, running -> starts.add(started(bench, running, isLast)));
      }
      report(bench, "empty", system, starts);
    }
    if (!bench.quick()) {
      for (SystemUnderTest system : systems.subList(0, 2)) {
        withTopics(bench, system);
      }
    }
    bench.table(table);
  }

  private void withTopics(BenchRun bench, SystemUnderTest system) throws Exception {
    List<String> topics = IntStream.range(0, TOPICS).mapToObj(i -> "topic-" + i).toList();
    Path home = Files.createTempDirectory(bench.folder(), "topics");
    try {
      bench.visitIn(
          system, home, running -> Topics.createAll(running.kafka().orElseThrow(), topics));
      List<Started> starts = new ArrayList<>();
      for (int left = STARTS_WITH_TOPICS; left > 0; left--) {
        boolean isLast = left == 1;
        bench.visitIn(system, home, running -> starts.add(started(bench, running, isLast)));
      }
      report(bench, "1,000 topics", system, starts);
    } finally {
      BenchRun.delete(home);
    }
  }

  private static Started started(BenchRun bench, RunningSystem running, boolean isIdleMeasured)
      throws IOException, InterruptedException {
    ServerProcess process = running.process();
    if (running.kafka().isPresent()) {
      FirstAnswer.kafka(running.kafka().get());
    }
    if (running.aws().isPresent()) {
      FirstAnswer.sqs(running.aws().get());
    }
    double millis = process.sinceStart().toNanos() / 1e6;
    double cpuSeconds = process.cpuSeconds();
    if (isIdleMeasured) {
      Thread.sleep(bench.size(Duration.ofSeconds(10), Duration.ofSeconds(1)));
    }
    return new Started(millis, cpuSeconds, process.residentBytes(), process.residentMemory());
  }

  private void report(BenchRun bench, String data, SystemUnderTest system, List<Started> starts) {
    if (starts.isEmpty()) {
      return;
    }
    double[] millis = starts.stream().mapToDouble(Started::firstAnswerMillis).sorted().toArray();
    double[] cpu = starts.stream().mapToDouble(Started::cpuSeconds).sorted().toArray();
    double idle = starts.getLast().idleBytes();
    int middle = starts.size() / 2;
    table.add(
        data,
        system.name(),
        Figures.micros(millis[middle] * 1000),
        Figures.micros(millis[0] * 1000) + " – " + Figures.micros(millis[millis.length - 1] * 1000),
        Figures.digits(cpu[middle]) + " s",
        Figures.bytes(idle),
        Integer.toString(starts.size()));
    if (data.equals("empty") && PEERS_MILLIS.containsKey(system.name()) && ourMillis > 0) {
      double wanted = BAR_MILLIS / PEERS_MILLIS.get(system.name());
      double ratio = ourMillis / millis[middle];
      bench.bar(
          "start to first answers, beside " + system.name(),
          "≤ " + Figures.times(wanted) + " its time",
          Figures.times(ratio),
          ratio <= wanted);
    }
    if (system.isSluice() && data.equals("empty")) {
      ourMillis = millis[middle];
      bench.bar(
          "start to first answers (Kafka and SQS)",
          "≤ 0.4 s",
          Figures.micros(millis[middle] * 1000),
          millis[middle] <= BAR_MILLIS);
      bench.bar("idle RSS", "≤ 100 MB", Figures.bytes(idle), idle <= BAR_BYTES);
      starts
          .getLast()
          .idleMemory()
          .ifPresent(memory -> bench.note(system.name() + ", idle: " + described(memory)));
    }
  }

  private static String described(ResidentMemory memory) {
    return Figures.bytes((double) memory.classes())
        + " are the classes that it loads at its start (AOT cache), "
        + Figures.bytes((double) memory.files())
        + " the JVM's code and other files, "
        + Figures.bytes((double) memory.anonymous())
        + " heap, compiled code, threads and what the JVM allocates.";
  }
}
