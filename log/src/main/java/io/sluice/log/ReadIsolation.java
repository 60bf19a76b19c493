package io.sluice.log;

import org.apache.kafka.server.storage.log.FetchIsolation;

/** How far a reader may see. */
public enum ReadIsolation {
  /** Up to the end of the log, durable or not: for the broker's own state only. */
  LOG_END(FetchIsolation.LOG_END),
  /** Up to the high watermark: Kafka's {@code read_uncommitted}. */
  HIGH_WATERMARK(FetchIsolation.HIGH_WATERMARK),
  /** Up to the last stable offset: Kafka's {@code read_committed}. */
  COMMITTED(FetchIsolation.TXN_COMMITTED);

  private final FetchIsolation bound;

  ReadIsolation(FetchIsolation bound) {
    this.bound = bound;
  }

  FetchIsolation bound() {
    return bound;
  }
}
