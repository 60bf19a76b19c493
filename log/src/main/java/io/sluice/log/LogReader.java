package io.sluice.log;

import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.UnifiedLog;

/** Reads a partition's log. Safe for use by many threads. */
final class LogReader {

  private final UnifiedLog log;
  private final LogWriter writer;

  LogReader(UnifiedLog log, LogWriter writer) {
    this.log = log;
    this.writer = writer;
  }

  /**
   * Whole batches from {@code offset} on.
   *
   * @throws IOException the disk does not give them
   * @throws KafkaStorageException likewise
   */
  Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation)
      throws IOException {
    // Kafka refuses to read what it must not append to.
    writer.mend();
    try {
      long highWatermark = log.highWatermark();
      long lastStableOffset = log.lastStableOffset();
      FetchDataInfo data = log.read(offset, maxBytes, isolation.bound(), atLeastOneBatch);
      return new Fetched(
          data.records,
          highWatermark,
          lastStableOffset,
          log.logStartOffset(),
          data.abortedTransactions.orElse(List.of()));
    } catch (KafkaStorageException e) {
      throw e;
    } catch (KafkaException e) {
      // So Kafka wraps it where it looks for the batch.
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
