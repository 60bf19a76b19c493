package io.sluice.broker;

import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.PartitionLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Appends records to one partition as one batch, and tells each record where it stands. */
final class PublishedBatches {

  private static final Header[] NO_HEADERS = new Header[0];

  private final InstantSource clock;

  PublishedBatches(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Appends {@code records} in order. When together they are too large for a batch they are
   * appended one by one, so that only those fail that are too large alone.
   */
  List<CompletableFuture<RecordPosition>> append(
      Uuid topicId, PartitionLog partition, List<NewRecord> records) {
    long timestamp = clock.millis();
    try {
      SimpleRecord[] batch = new SimpleRecord[records.size()];
      for (int i = 0; i < batch.length; i++) {
        NewRecord record = records.get(i);
        batch[i] =
            new SimpleRecord(
                timestamp, record.key(), record.value(), record.headers().toArray(NO_HEADERS));
      }
      Appended appended =
          partition.append(MemoryRecords.withRecords(Compression.NONE, batch), AppendSource.CLIENT);
      return positions(topicId, partition.topicPartition().partition(), appended, batch.length);
    } catch (RecordTooLargeException e) {
      if (records.size() == 1) {
        return List.of(CompletableFuture.failedFuture(e));
      }
      List<CompletableFuture<RecordPosition>> each = new ArrayList<>();
      records.forEach(record -> each.addAll(append(topicId, partition, List.of(record))));
      return each;
    } catch (ApiException e) {
      List<CompletableFuture<RecordPosition>> failed = new ArrayList<>();
      records.forEach(record -> failed.add(CompletableFuture.failedFuture(e)));
      return failed;
    }
  }

  private static List<CompletableFuture<RecordPosition>> positions(
      Uuid topicId, int partition, Appended appended, int count) {
    List<CompletableFuture<RecordPosition>> positions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      RecordPosition position = new RecordPosition(topicId, partition, appended.baseOffset() + i);
      positions.add(appended.durable().thenApply(durable -> position));
    }
    return positions;
  }
}
