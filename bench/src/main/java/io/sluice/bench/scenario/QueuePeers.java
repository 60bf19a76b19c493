package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.Figures;
import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.ClosedLoop;
import io.sluice.bench.load.Dialogue;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.load.SendReceiveDelete;
import io.sluice.bench.system.ElasticMq;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The systems that speak SQS, and what every scenario does with their queues. */
final class QueuePeers {

  /** Sluice first, so that the peers' rows can be compared with it. */
  static final List<SystemUnderTest> ALL = List.of(Sluice.DURABLE, new ElasticMq(), new Fauxqs());

  /** The heap that each peer is given, less what it needs for itself. */
  private static final long PEER_HEAP_BYTES = 900_000_000;

  private static final int WARM_CONNECTIONS = 16;
  private static final long WARM_REQUESTS = 500_000;
  private static final long QUICK_WARM_REQUESTS = 10_000;
  private static final String WARM_QUEUE = "warm";

  private QueuePeers() {}

  /** So many letters. */
  static String message(int bytes) {
    return "x".repeat(bytes);
  }

  /** Drives the same kind of dialogue on each of so many connections. */
  static Load drive(
      RunningSystem system, int connections, Supplier<? extends Dialogue> dialogue, Limit limit)
      throws IOException {
    List<? extends Dialogue> dialogues = Stream.generate(dialogue).limit(connections).toList();
    return ClosedLoop.drive(port(system), dialogues, limit);
  }

  /**
   * Lets a server compile its code: every kind of server does as much, unless it takes very long.
   */
  static void warm(BenchRun bench, RunningSystem system) throws IOException {
    AwsCalls calls = calls(system);
    String queue = calls.createQueue(WARM_QUEUE);
    Duration most = Duration.ofSeconds(bench.size(20L, 1L));
    long requests = bench.size(WARM_REQUESTS, QUICK_WARM_REQUESTS);
    String message = message(100);
    drive(
        system,
        WARM_CONNECTIONS,
        () -> Repeated.send(queue, message, 1),
        new Limit(most, requests));
    drive(
        system,
        WARM_CONNECTIONS,
        () -> Repeated.send(queue, message, 10),
        new Limit(most, 2 * requests));
    drive(
        system,
        WARM_CONNECTIONS,
        () -> new SendReceiveDelete(queue, message),
        new Limit(most, requests));
    calls.deleteQueue(queue);
  }

  /** Whether a heap holds so many messages; notes it where it does not. */
  static boolean holds(
      BenchRun bench, SystemUnderTest system, double heapPerMessage, long messages) {
    boolean holds = heapPerMessage * messages < PEER_HEAP_BYTES;
    if (!holds) {
      bench.note(
          "%s takes %s of heap for each message that waits: %s messages would need %s of 1 GB."
              .formatted(
                  system.name(),
                  Figures.bytes(heapPerMessage),
                  Figures.count((double) messages),
                  Figures.bytes(heapPerMessage * messages)));
    }
    return holds;
  }

  static AwsCalls calls(RunningSystem system) {
    return new AwsCalls(port(system));
  }

  private static int port(RunningSystem system) {
    return system.aws().orElseThrow();
  }
}
