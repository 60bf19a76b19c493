package io.sluice.bench.scenario;

import io.sluice.bench.BenchRun;
import io.sluice.bench.load.HotMemory;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.Topics;
import io.sluice.bench.system.RunningSystem;
import java.time.Duration;
import org.apache.kafka.common.Uuid;

/**
 * A load on a topic that is made for each repetition and deleted after it, so that each finds the
 * same and the disk does not fill. Owned by one thread.
 */
final class FreshTopic implements BenchRun.Work {

  /** What is done with the topic, and is measured. */
  @FunctionalInterface
  interface Run {
    Load on(RunningSystem system, String topic) throws Exception;
  }

  private static final Duration DELETION_PATIENCE = Duration.ofMinutes(1);
  private static final long PROBE_MILLIS = 200;

  /** What the clients use. */
  private static final long CLIENT_BYTES = 1L << 30;

  private final int partitions;
  private final long bytes;
  private final Run run;
  private String topic = "";
  private long diskBytes;

  /**
   * A load that goes to so many partitions.
   *
   * @param bytes of the page cache that it fills, roughly, which are made ready for it; none in a
   *     quick run
   */
  FreshTopic(int partitions, long bytes, Run run) {
    this.partitions = partitions;
    this.bytes = bytes;
    this.run = run;
  }

  @Override
  public void before(RunningSystem system) throws Exception {
    diskBytes = system.diskBytes();
    topic = "measured-" + Uuid.randomUuid();
    Topics.create(system.kafka().orElseThrow(), topic, partitions);
    if (bytes > 0) {
      HotMemory.make(CLIENT_BYTES + bytes);
    }
  }

  @Override
  public Load drive(RunningSystem system) throws Exception {
    return run.on(system, topic);
  }

  /**
   * Waits until the files are gone too, for the next repetition is not to pay for that. Not all
   * that came with the load goes with the topic: the offsets of groups stay.
   */
  @Override
  public void after(RunningSystem system) throws Exception {
    long fullBytes = system.diskBytes();
    Topics.delete(system.kafka().orElseThrow(), topic);
    long until = System.nanoTime() + DELETION_PATIENCE.toNanos();
    while (system.diskBytes() - diskBytes > (fullBytes - diskBytes) / 2
        && System.nanoTime() < until) {
      Thread.sleep(PROBE_MILLIS);
    }
  }

  /** Runs it once for nothing but to warm the system. */
  void warm(RunningSystem system) throws Exception {
    before(system);
    drive(system);
    after(system);
  }
}
