package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Scenario;
import io.sluice.bench.Table;
import io.sluice.bench.load.Flushes;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.Load;
import java.time.Duration;
import java.util.List;

/** {@code disk}: what the machine's disk allows, with no broker. */
public final class Disk implements Scenario {

  private static final int PRODUCER_BATCH = 15_700;
  private static final int PRODUCER_BATCH_RECORDS = 15;

  /** A small message, a producer's full batch, all that a default producer has in flight. */
  private static final List<Integer> BYTES = List.of(200, PRODUCER_BATCH, 78_500);

  private static final List<Integer> FILES = List.of(1, 6, 32);

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String explanation() {
    return """
    Appends to files, each followed by its `fdatasync`, with no broker: the limit for whoever
    acknowledges what is on disk. "Over zeros" means that zeros were written there before, 256 KiB at
    a time, as Sluice does (ADR 004): the flush has then no metadata to write. The processor time is
    this process's, with the write of the records (and of the zeros).

    A producer with its defaults has five requests in flight, so with one partition no more than
    78.5 KB go into one flush, and the next round of them can only come after the answers to the last.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    Table table =
        new Table(
            "append",
            "files at once",
            "to",
            "flushes /s",
            "bytes /s",
            "p50",
            "p99",
            "CPU per flush");
    for (int bytes : BYTES) {
      for (int files : bench.size(FILES, List.of(1))) {
        measure(bench, new Flushes(bytes, files, false), table);
        measure(bench, new Flushes(bytes, files, true), table);
      }
    }
    bench.table(table);
  }

  /** What flushes of producers' batches would cost with nothing else to do. */
  private static void compare(BenchRun bench, Flushes flushes, Load load, double cpuMicros) {
    double batches = 1e6 / PRODUCER_BATCH_RECORDS;
    bench.note(
        ("1 M records of 1 KiB are %s batches of a producer with its defaults. Flushed one by one,"
             + " %s at a time, they alone take %s s of processor time, and no more than %s records"
             + " come through each second.")
            .formatted(
                Figures.count(batches),
                flushes.files() == 1 ? "one file" : flushes.files() + " files",
                Figures.digits(batches * cpuMicros / 1e6),
                Figures.count(load.rate() * PRODUCER_BATCH_RECORDS)));
  }

  private static void measure(BenchRun bench, Flushes flushes, Table table) throws Exception {
    int appends = bench.size(6_000, 600) / flushes.files();
    flushes.drive(bench.folder(), appends);
    Duration before = cpu();
    Load load = flushes.drive(bench.folder(), appends);
    double cpuMicros = cpu().minus(before).toNanos() / 1e3 / load.units();
    Latencies latencies = load.latencies().orElseThrow();
    table.add(
        Figures.bytes((double) flushes.bytes()),
        Integer.toString(flushes.files()),
        flushes.zerosAhead() ? "over zeros" : "a file that grows",
        Figures.count(load.rate()),
        Figures.bytes(load.rate() * flushes.bytes()),
        Figures.micros(latencies.p50Micros()),
        Figures.micros(latencies.p99Micros()),
        Figures.micros(cpuMicros));
    if (flushes.bytes() == PRODUCER_BATCH && flushes.zerosAhead()) {
      compare(bench, flushes, load, cpuMicros);
    }
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
