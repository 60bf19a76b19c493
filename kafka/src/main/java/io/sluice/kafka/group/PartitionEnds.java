package io.sluice.kafka.group;

import io.sluice.broker.Topics;
import io.sluice.kafka.ErrorCodes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Tells the coordinator where partitions end, from which it makes a share group's lag. */
record PartitionEnds(Topics topics) implements PartitionMetadataClient {

  @Override
  public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
      Set<TopicPartition> partitions) {
    Map<TopicPartition, CompletableFuture<OffsetResponse>> ends = new HashMap<>();
    partitions.forEach(
        partition -> ends.put(partition, CompletableFuture.completedFuture(end(partition))));
    return ends;
  }

  private OffsetResponse end(TopicPartition name) {
    try {
      return new OffsetResponse(
          topics.partition(name.topic(), name.partition()).highWatermark(), Errors.NONE);
    } catch (RuntimeException e) {
      return new OffsetResponse(-1, ErrorCodes.of(e));
    }
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
