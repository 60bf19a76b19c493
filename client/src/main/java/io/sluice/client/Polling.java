package io.sluice.client;

import io.sluice.client.consume.InFlightMessages;
import io.sluice.client.consume.QueueReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what was received what one poll gives. Used by one thread at a time. */
final class Polling<K, V> {

  private static final Logger LOGGER = LoggerFactory.getLogger(Polling.class);

  private final QueueReader reader;
  private final InFlightMessages inFlight;
  private final Deserializing<K, V> deserializing;
  private final ConsumerMetrics metrics;
  private final int maxRecords;
  private final boolean releasesForeign;

  Polling(
      SqsConsumerConfig config,
      QueueReader reader,
      Deserializing<K, V> deserializing,
      ConsumerMetrics metrics) {
    this.reader = reader;
    this.inFlight = reader.inFlight();
    this.deserializing = deserializing;
    this.metrics = metrics;
    this.maxRecords = config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
    this.releasesForeign =
        config.getString(SqsConsumerConfig.FOREIGN_MESSAGES).equals(SqsConsumerConfig.RELEASE);
  }

  /**
   * As many records as there are, but not more than a poll gives; waits for the first. The offsets
   * of a partition grow, as many an application commits only the highest: what is below it, of
   * another key, is the next poll's.
   *
   * @param nanos how long it waits
   * @throws RecordDeserializationException the first cannot be read; it is the first again the next
   *     time
   */
  ConsumerRecords<K, V> collect(long nanos) {
    Map<TopicPartition, List<ConsumerRecord<K, V>>> records = new LinkedHashMap<>();
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    int count = 0;
    long deadline = System.nanoTime() + nanos;
    while (count < maxRecords) {
      Optional<InFlightMessages.Next> next =
          next(count == 0 ? Math.max(0, deadline - System.nanoTime()) : 0);
      if (next.isEmpty()) {
        break;
      }
      TopicPartition partition = next.get().partition();
      OffsetAndMetadata after = positions.get(partition);
      if (after != null && next.get().record().offset() < after.offset() - 1) {
        break;
      }
      if (isToBeReleased(next.get())) {
        reader.letGo(partition);
        continue;
      }
      try {
        ConsumerRecord<K, V> record = deserializing.read(partition, next.get().record());
        if (!inFlight.given(next.get())) {
          continue;
        }
        records.computeIfAbsent(partition, p -> new ArrayList<>()).add(record);
        positions.put(partition, new OffsetAndMetadata(record.offset() + 1));
        metrics.consumed(record);
        count++;
      } catch (RecordDeserializationException e) {
        if (count == 0) {
          inFlight.refused(partition);
          throw e;
        }
        break; // what came before it first
      }
    }
    records.keySet().forEach(inFlight::last);
    return new ConsumerRecords<>(records, positions);
  }

  private boolean isToBeReleased(InFlightMessages.Next next) {
    RuntimeException unreadable = next.record().unreadable();
    if (unreadable == null || !releasesForeign) {
      return false;
    }
    LOGGER.warn("given back to the queue of {}: {}", next.partition(), unreadable.getMessage());
    return true;
  }

  private Optional<InFlightMessages.Next> next(long nanos) {
    try {
      return inFlight.next(nanos);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
