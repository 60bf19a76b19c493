package io.sluice.log;

import java.time.Duration;

/**
 * How a {@link DiskLogStore} behaves.
 *
 * @param durability when a write counts as durable
 * @param retentionCheckInterval how often retention by time and size is applied
 * @param flushThreads how many partitions are flushed to disk at once, on platform threads
 */
public record LogStoreOptions(
    Durability durability, Duration retentionCheckInterval, int flushThreads) {

  /** Durable before acknowledged, retention every five minutes as Apache Kafka does it. */
  public static LogStoreOptions defaults() {
    return new LogStoreOptions(Durability.FSYNC, Duration.ofMinutes(5), 32);
  }

  /** These options with another durability. */
  public LogStoreOptions withDurability(Durability other) {
    return new LogStoreOptions(other, retentionCheckInterval, flushThreads);
  }

  /** These options with another interval between applications of retention. */
  public LogStoreOptions withRetentionCheckInterval(Duration other) {
    return new LogStoreOptions(durability, other, flushThreads);
  }
}
