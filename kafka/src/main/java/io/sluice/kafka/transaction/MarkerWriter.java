package io.sluice.kafka.transaction;

import io.sluice.broker.Topics;
import io.sluice.log.AppendSource;
import io.sluice.log.TransactionAppend;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/** Writes markers into partitions, beside each other. Immutable. */
record MarkerWriter(Topics topics, OffsetTransactions offsets) {

  /**
   * Writes a marker into each of the partitions, and waits until all are durable.
   *
   * @return how it went, for each
   */
  Map<TopicPartition, Errors> write(TransactionMarker marker, Collection<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, CompletableFuture<Void>> begun = new LinkedHashMap<>();
    for (TopicPartition partition : partitions) {
      begun.put(partition, begin(marker, partition));
    }
    Map<TopicPartition, Errors> ended = new LinkedHashMap<>();
    for (Map.Entry<TopicPartition, CompletableFuture<Void>> each : begun.entrySet()) {
      ended.put(each.getKey(), await(each.getValue()));
    }
    return ended;
  }

  private CompletableFuture<Void> begin(TransactionMarker marker, TopicPartition partition)
      throws InterruptedException {
    try {
      if (partition.topic().equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
        return offsets.end(partition, marker);
      }
      return topics
          .partition(partition.topic(), partition.partition())
          .append(
              marker.records(),
              AppendSource.COORDINATOR,
              TransactionAppend.marker(marker.version()))
          .durable();
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Errors await(CompletableFuture<Void> durable) throws InterruptedException {
    try {
      durable.get();
      return Errors.NONE;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? new UnknownServerException(e) : e.getCause();
      return switch (Errors.forException(cause)) {
        // Who asks for markers knows of partitions, not of what coordinates their groups.
        case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
            Errors.NOT_LEADER_OR_FOLLOWER;
        case Errors error -> error;
      };
    }
  }
}
