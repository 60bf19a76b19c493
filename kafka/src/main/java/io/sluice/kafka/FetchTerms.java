package io.sluice.kafka;

import io.sluice.log.ReadIsolation;
import java.time.Duration;
import org.apache.kafka.common.message.FetchRequestData;

/**
 * What a client wants of an answer as a whole, within this broker's limits. Immutable.
 *
 * @param version of the request
 * @param enoughBytes with so many bytes the answer waits no longer
 * @param maxBytes the bound on the answer's records, but for the first batch
 * @param maxWait how long the answer waits for enough
 * @param isolation which records are read
 */
record FetchTerms(
    short version, int enoughBytes, int maxBytes, Duration maxWait, ReadIsolation isolation) {

  /** Kafka's {@code fetch.max.bytes}: whatever the client asks for. */
  static final int MAX_BYTES = 55 * 1024 * 1024;

  /** Whatever the client asks for: by then it may be gone, which only an answer shows. */
  private static final int MAX_WAIT_MS = 5 * 60 * 1000;

  static FetchTerms of(FetchRequestData fetch, short version) {
    int maxBytes = Math.min(fetch.maxBytes(), MAX_BYTES);
    return new FetchTerms(
        version,
        Math.min(fetch.minBytes(), maxBytes),
        maxBytes,
        Duration.ofMillis(Math.min(fetch.maxWaitMs(), MAX_WAIT_MS)),
        IsolationLevels.of(fetch.isolationLevel()));
  }
}
