package io.sluice.kafka.transaction;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Ends the transactions of committed offsets, whose partitions the group coordinator writes. */
@FunctionalInterface
public interface OffsetTransactions {

  /**
   * Writes the marker into a partition of {@code __consumer_offsets}, and makes what was committed
   * in the transaction true or forgets it.
   *
   * @return completes when it is durable
   */
  CompletableFuture<Void> end(TopicPartition partition, TransactionMarker marker)
      throws InterruptedException;
}
