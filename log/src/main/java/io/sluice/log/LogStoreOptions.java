package io.sluice.log;

import io.sluice.log.clock.Clocks;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How a {@link DiskLogStore} behaves.
 *
 * @param durability when a write counts as durable
 * @param retentionCheckInterval how often retention by time and size is applied
 * @param compactionCheckInterval how often to look for partitions to compact when there were none
 * @param flushThreads how many partitions are flushed to disk at once, on platform threads
 * @param reserveBytes how much of the disk is kept for the time when it is full, so that messages
 *     can be acknowledged and deleted then; 0 for none
 * @param clocks what retention goes by, and how far records may be of the future
 */
public record LogStoreOptions(
    Durability durability,
    Duration retentionCheckInterval,
    Duration compactionCheckInterval,
    int flushThreads,
    long reserveBytes,
    Clocks clocks) {

  /**
   * Durable before acknowledged, retention every five minutes and a look at compaction every 15
   * seconds as Apache Kafka does them; nothing is reserved.
   */
  public static LogStoreOptions defaults() {
    return new LogStoreOptions(
        Durability.FSYNC, Duration.ofMinutes(5), Duration.ofSeconds(15), 32, 0, Clocks.system());
  }

  /** These options with another durability. */
  public LogStoreOptions withDurability(Durability other) {
    return new LogStoreOptions(
        other, retentionCheckInterval, compactionCheckInterval, flushThreads, reserveBytes, clocks);
  }

  /** These options with another interval between applications of retention. */
  public LogStoreOptions withRetentionCheckInterval(Duration other) {
    return new LogStoreOptions(
        durability, other, compactionCheckInterval, flushThreads, reserveBytes, clocks);
  }

  /** These options with another interval between looks for partitions to compact. */
  public LogStoreOptions withCompactionCheckInterval(Duration other) {
    return new LogStoreOptions(
        durability, retentionCheckInterval, other, flushThreads, reserveBytes, clocks);
  }

  /** These options with one clock for everything. */
  public LogStoreOptions withClock(InstantSource other) {
    return withClocks(Clocks.of(other));
  }

  /** These options with other clocks. */
  public LogStoreOptions withClocks(Clocks other) {
    return new LogStoreOptions(
        durability,
        retentionCheckInterval,
        compactionCheckInterval,
        flushThreads,
        reserveBytes,
        other);
  }

  /** These options with so much of the disk kept for the time when it is full. */
  public LogStoreOptions withReserveBytes(long other) {
    return new LogStoreOptions(
        durability, retentionCheckInterval, compactionCheckInterval, flushThreads, other, clocks);
  }
}
