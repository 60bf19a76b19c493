package io.sluice.broker;

import io.sluice.log.PartitionLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
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
    int index = partition.topicPartition().partition();
    List<SimpleRecord> batch = new ArrayList<>(records.size());
    for (NewRecord record : records) {
      batch.add(
          new SimpleRecord(
              timestamp, record.key(), record.value(), record.headers().toArray(NO_HEADERS)));
    }
    CompletableFuture<Long> appended = partition.append(batch);
    if (batch.size() == 1) {
      return List.of(appended.thenApply(offset -> new RecordPosition(topicId, index, offset)));
    }
    List<CompletableFuture<RecordPosition>> positions = new ArrayList<>(batch.size());
    batch.forEach(record -> positions.add(new CompletableFuture<>()));
    appended.whenComplete(
        (offset, failure) -> {
          if (failure == null) {
            for (int i = 0; i < positions.size(); i++) {
              positions.get(i).complete(new RecordPosition(topicId, index, offset + i));
            }
          } else if (failure instanceof RecordTooLargeException) {
            appendEach(topicId, partition, batch, positions);
          } else {
            positions.forEach(position -> position.completeExceptionally(failure));
          }
        });
    return positions;
  }

  private static void appendEach(
      Uuid topicId,
      PartitionLog partition,
      List<SimpleRecord> records,
      List<CompletableFuture<RecordPosition>> positions) {
    int index = partition.topicPartition().partition();
    for (int i = 0; i < records.size(); i++) {
      CompletableFuture<RecordPosition> position = positions.get(i);
      partition
          .append(List.of(records.get(i)))
          .whenComplete(
              (offset, failure) -> {
                if (failure == null) {
                  position.complete(new RecordPosition(topicId, index, offset));
                } else {
                  position.completeExceptionally(failure);
                }
              });
    }
  }
}
