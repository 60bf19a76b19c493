package io.sluice.log;

/** How far a reader may see. */
public enum ReadIsolation {
  /** Up to the end of the log, durable or not: for the broker's own state only. */
  LOG_END,
  /** Up to the high watermark: Kafka's {@code read_uncommitted}. */
  HIGH_WATERMARK,
  /** Up to the last stable offset: Kafka's {@code read_committed}. */
  COMMITTED
}
