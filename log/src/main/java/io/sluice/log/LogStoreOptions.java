package io.sluice.log;

import java.time.Duration;

/**
 * How a {@link DiskLogStore} behaves.
 *
 * @param durability when a write counts as durable
 * @param retentionCheckInterval how often retention by time and size is applied
 * @param compactionCheckInterval how often to look for partitions to compact when there were none
 * @param flushThreads how many partitions are flushed to disk at once, on platform threads
 */
public record LogStoreOptions(
    Durability durability,
    Duration retentionCheckInterval,
    Duration compactionCheckInterval,
    int flushThreads) {

  /**
   * Durable before acknowledged, retention every five minutes and a look at compaction every 15
   * seconds as Apache Kafka does them.
   */
  public static LogStoreOptions defaults() {
    return new LogStoreOptions(Durability.FSYNC, Duration.ofMinutes(5), Duration.ofSeconds(15), 32);
  }

  /** These options with another durability. */
  public LogStoreOptions withDurability(Durability other) {
    return new LogStoreOptions(
        other, retentionCheckInterval, compactionCheckInterval, flushThreads);
  }

  /** These options with another interval between applications of retention. */
  public LogStoreOptions withRetentionCheckInterval(Duration other) {
    return new LogStoreOptions(durability, other, compactionCheckInterval, flushThreads);
  }

  /** These options with another interval between looks for partitions to compact. */
  public LogStoreOptions withCompactionCheckInterval(Duration other) {
    return new LogStoreOptions(durability, retentionCheckInterval, other, flushThreads);
  }
}
