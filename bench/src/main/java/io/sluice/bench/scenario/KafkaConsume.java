package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Measurement;
import io.sluice.bench.Scenario;
import io.sluice.bench.load.ConsumerPerformance;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.load.Topics;
import io.sluice.bench.system.ApacheKafka;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.util.List;
import java.util.Optional;

/** One consumer of what is there, and three groups that follow a producer. */
public final class KafkaConsume implements Scenario {

  private static final RecordShape SAMPLE =
      new RecordShape(RecordShape.ONE_PARTITION.name(), 1024, 1, 200_000, 0);
  private static final List<RecordShape> SHAPES =
      List.of(
          RecordShape.ONE_PARTITION, RecordShape.SIX_PARTITIONS, RecordShape.SMALL_SIX_PARTITIONS);
  private static final RecordShape FOLLOWED = RecordShape.SIX_PARTITIONS;
  private static final long FOLLOWED_RECORDS = 300_000;
  private static final int GROUPS = 3;
  private static final long WARM_UP_RECORDS = 100_000;

  @Override
  public String name() {
    return "kafka-consume";
  }

  @Override
  public String explanation() {
    return """
    One `kafka-consumer-perf-test`, a new group each time, reads everything from the beginning of a
    topic that a producer with its defaults has just filled (1 M records of 1 KiB, or 5 M of 100 B).
    What it takes until the group has formed does not count, neither the client's time nor the
    server's. Then one producer sends 300 k records of 1 KiB as fast as it can while three groups
    follow it: a unit is a record that all three have. Sluice is durable before it acknowledges.
    The systems take turns.
    """;
  }

  @Override
  public boolean isQuick() {
    return false;
  }

  @Override
  public void run(BenchRun bench) throws Exception {
    bench.visitInTurns(
        List.of(Sluice.DURABLE, ApacheKafka.PAGE_CACHE),
        (system, running) -> measure(bench, system, running));
    compare(bench);
  }

  private static void measure(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    consume(bench, system, running);
    if (!bench.quick()) {
      follow(bench, system, running);
    }
  }

  private static void consume(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    String bootstrap = running.kafka().orElseThrow();
    List<RecordShape> shapes = bench.size(SHAPES, List.of(SAMPLE));
    for (RecordShape shape : shapes) {
      Topics.create(bootstrap, topic(shape), shape.partitions());
      new ProducerPerformance(bootstrap, topic(shape), shape.records(), shape.bytes()).run();
    }
    read(running, shapes.getFirst());
    for (RecordShape shape : shapes) {
      bench.measureOnce(
          shape.name() + ", consumed", system, running, measured -> read(measured, shape));
    }
    for (RecordShape shape : shapes) {
      Topics.delete(bootstrap, topic(shape));
    }
  }

  private static Load read(RunningSystem system, RecordShape shape) throws Exception {
    return new ConsumerPerformance(system.kafka().orElseThrow(), topic(shape), shape.records())
        .run(system.process()::cpuSeconds);
  }

  private static String topic(RecordShape shape) {
    return "filled-" + shape.name().replaceAll("\\W", "-");
  }

  private static void follow(BenchRun bench, SystemUnderTest system, RunningSystem running)
      throws Exception {
    int partitions = FOLLOWED.partitions();
    new FreshTopic(
            partitions,
            WARM_UP_RECORDS * FOLLOWED.bytes(),
            new ProducerAndGroups(GROUPS, WARM_UP_RECORDS, FOLLOWED.bytes()))
        .warm(running);
    bench.measureOnce(
        FOLLOWED.name() + ", produced and consumed by 3 groups",
        system,
        running,
        new FreshTopic(
            partitions,
            FOLLOWED_RECORDS * FOLLOWED.bytes(),
            new ProducerAndGroups(GROUPS, FOLLOWED_RECORDS, FOLLOWED.bytes())));
  }

  private static void compare(BenchRun bench) {
    String work = RecordShape.ONE_PARTITION.name() + ", consumed";
    Optional<Measurement> ours = bench.measured(work, Sluice.DURABLE.name());
    Optional<Measurement> peer = bench.measured(work, ApacheKafka.PAGE_CACHE.name());
    Bars.rate(bench, "Kafka consume, 1 KiB", ours, peer, 1.2);
    Bars.cpu(bench, "Kafka consume, 1 KiB", ours, peer, 0.8);
  }
}
