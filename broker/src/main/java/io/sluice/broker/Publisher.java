package io.sluice.broker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Appends records on behalf of clients that do not build Kafka batches. Safe for use by many
 * threads.
 */
public interface Publisher {

  /**
   * Appends records to a topic with the clock's time as their timestamp. A record with a key goes
   * to the partition that Kafka's default partitioner gives it (murmur2 of the key), so that one
   * key keeps its order across all doors; records without a key are spread.
   *
   * @return for each record, in the order given, its position once it is durable; a future fails
   *     with Kafka's exception for that record, for instance {@link
   *     org.apache.kafka.common.errors.RecordTooLargeException}
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException no such topic
   */
  List<CompletableFuture<RecordPosition>> publish(String topic, List<NewRecord> records);

  /**
   * Does the same for a FIFO topic: a record whose deduplication id was published in the last five
   * minutes is not appended, and gets the position of the first.
   *
   * @param deduplicationIds of the n-th record the n-th
   * @param byGroup whether an id counts within its record's key only (Amazon's {@code
   *     FifoThroughputScope})
   * @throws io.sluice.broker.deduplication.TooManyRecentIdsException there is no memory for more
   *     ids; nothing was appended
   */
  List<CompletableFuture<RecordPosition>> publishOnce(
      String topic, List<NewRecord> records, List<String> deduplicationIds, boolean byGroup);
}
