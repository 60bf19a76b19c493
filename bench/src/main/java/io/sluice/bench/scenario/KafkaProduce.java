package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.system.ApacheKafka;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.util.List;
import java.util.Optional;

/** One producer as fast as it can, beside Apache Kafka with and without a flush. */
public final class KafkaProduce implements Scenario {

  private static final RecordShape SAMPLE =
      new RecordShape("1 KiB, 1 partition", 1024, 1, 150_000, 30_000);
  private static final long WARM_UP_RECORDS = 400_000;
  private static final double FLUSHED_TARGET = 100_000;

  @Override
  public String name() {
    return "kafka-produce";
  }

  @Override
  public String explanation() {
    return """
    One `kafka-producer-perf-test` with the producer's defaults (`acks=all`, idempotent, batches of
    16 KiB, 32 MiB of memory) sends as fast as it is answered: 1 M records of 1 KiB, or 5 M of 100 B;
    a fifth of that to Kafka with `log.flush.interval.messages=1`, which flushes each batch it
    appends and so promises what Sluice with `fsync` does. Kafka's default and Sluice with `os`
    acknowledge what is in memory; see `disk` for what a flush takes. Rate and latencies leave out the first
    tenth, by which the client warms up. The latencies are those of a producer whose memory is full
    (it waits for its own queue), in the whole milliseconds of the tool. Every run has a new
    topic, and the systems take turns.
    Before each run the harness writes and deletes a file larger than the run's data: a hypervisor
    that took free memory back would otherwise give it again, at up to 3 s of processor time for each GB
    of page cache, during the run that needs it.
    """;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    bench.visitInTurns(systems(bench), (system, running) -> measure(bench, system, running));
    compare(bench);
  }

  private static List<SystemUnderTest> systems(BenchRun bench) {
    return bench.size(
        List.of(Sluice.DURABLE, Sluice.PAGE_CACHE, ApacheKafka.PAGE_CACHE, ApacheKafka.FLUSHED),
        List.of(Sluice.DURABLE, Sluice.PAGE_CACHE, ApacheKafka.PAGE_CACHE));
  }

  private static void measure(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    boolean flushed = system.equals(ApacheKafka.FLUSHED);
    long warmUp = bench.size(flushed ? WARM_UP_RECORDS / 5 : WARM_UP_RECORDS, SAMPLE.records());
    new FreshTopic(
            1,
            bench.size(warmUp * SAMPLE.bytes(), 0L),
            (measured, topic) -> produce(measured, topic, SAMPLE, warmUp))
        .warm(running);
    for (RecordShape shape : bench.size(RecordShape.ALL, List.of(SAMPLE))) {
      long records = flushed ? shape.flushedRecords() : shape.records();
      bench.measureOnce(
          shape.name(),
          system,
          running,
          new FreshTopic(
              shape.partitions(),
              bench.size(records * shape.bytes(), 0L),
              (measured, topic) -> produce(measured, topic, shape, records)));
    }
  }

  private static Load produce(RunningSystem system, String topic, RecordShape shape, long records)
      throws Exception {
    return new ProducerPerformance(system.kafka().orElseThrow(), topic, records, shape.bytes())
        .run();
  }

  private static void compare(BenchRun bench) {
    String work = RecordShape.ONE_PARTITION.name();
    String row = "Kafka produce, " + work;
    Optional<Measurement> durable = bench.measured(work, Sluice.DURABLE.name());
    Optional<Measurement> pageCache = bench.measured(work, Sluice.PAGE_CACHE.name());
    Optional<Measurement> peer = bench.measured(work, ApacheKafka.PAGE_CACHE.name());
    Bars.rate(bench, row + ", `os`", pageCache, peer, 1.3);
    Bars.cpu(bench, row + ", `os`", pageCache, peer, 0.6);
    Bars.rate(bench, row + ", durable", durable, peer, 1);
    compare(bench, RecordShape.SIX_PARTITIONS, 1.2, 0.7);
    compare(bench, RecordShape.SMALL_SIX_PARTITIONS, 1, 0.6);
    durable.ifPresent(
        measured ->
            bench.bar(
                "Kafka produce with a flush per batch",
                "≥ 100 k/s",
                Figures.count(measured.rate()) + "/s",
                measured.rate() >= FLUSHED_TARGET));
  }

  private static void compare(BenchRun bench, RecordShape shape, double rate, double cpu) {
    String row = "Kafka produce, " + shape.name() + ", durable";
    Optional<Measurement> durable = bench.measured(shape.name(), Sluice.DURABLE.name());
    Optional<Measurement> peer = bench.measured(shape.name(), ApacheKafka.PAGE_CACHE.name());
    Bars.rate(bench, row, durable, peer, rate);
    Bars.cpu(bench, row, durable, peer, cpu);
  }
}
