package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.system.Fauxqs;
import io.sluice.bench.system.RunningSystem;
import io.sluice.bench.system.Sluice;
import io.sluice.bench.system.SystemUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Publishes to a topic over some connections, and then makes sure that each of its queues has got
 * what is for it and nothing else.
 */
record Publishes(SubscribedTopic topic, Limit limit) implements BenchRun.Work {

  /** The systems that have SNS. */
  static final List<SystemUnderTest> SYSTEMS = List.of(Sluice.DURABLE, new Fauxqs());

  private static final int CONNECTIONS = 16;
  private static final int MESSAGE_BYTES = 100;

  /** What a run may leave in the memory of a peer, which keeps a copy for each queue. */
  private static final long PEER_COPIES = 200_000;

  /**
   * How much is published to a topic at once.
   *
   * @param copies that are made of a message
   */
  static Limit limit(BenchRun bench, SystemUnderTest system, int copies) {
    Duration duration = Duration.ofMillis(bench.size(3000L, 1000L));
    return system.isSluice() ? Limit.duration(duration) : new Limit(duration, PEER_COPIES / copies);
  }

  /** Lets a server compile its code. */
  static void warm(BenchRun bench, RunningSystem running, SubscribedTopic topic)
      throws IOException {
    Limit limit = new Limit(Duration.ofMillis(bench.size(10_000L, 1500L)), PEER_COPIES);
    new Publishes(topic, limit).drive(running);
  }

  @Override
  public Load drive(RunningSystem system) throws IOException {
    String message = QueuePeers.message(MESSAGE_BYTES);
    Load load = QueuePeers.drive(system, CONNECTIONS, () -> topic.publish(message), limit);
    topic.published(load.units());
    return load;
  }

  @Override
  public void after(RunningSystem system) throws InterruptedException {
    topic.requireDelivered();
  }
}
