package io.sluice.client;

import io.sluice.client.consume.InFlightMessages;
import io.sluice.client.consume.InFlightMessages.Next;
import io.sluice.client.consume.QueueReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    long deadline = System.nanoTime() + nanos;
    List<Next> next = next(Math.max(0, nanos));
    while (!next.isEmpty()) {
      if (isToBeReleased(next.get(0))) {
        release(next.get(0));
        if (inFlight.isWoken() || System.nanoTime() - deadline >= 0) {
          break;
        }
      } else {
        ConsumerRecords<K, V> records = give(next);
        if (!records.isEmpty()) {
          return records;
        }
      }
      next = next(Math.max(0, deadline - System.nanoTime()));
    }
    return ConsumerRecords.empty();
  }

  /** The first of them, as many as may be given together, but for what has gone to others. */
  private ConsumerRecords<K, V> give(List<Next> next) {
    List<ConsumerRecord<K, V>> read = read(next);
    List<Next> gone = inFlight.given(next.subList(0, read.size()));
    Map<TopicPartition, List<ConsumerRecord<K, V>>> records = new LinkedHashMap<>();
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    int count = 0;
    long bytes = 0;
    List<ConsumerRecord<K, V>> own = List.of();
    TopicPartition ofOwn = null;
    for (int i = 0; i < read.size(); i++) {
      if (!gone.isEmpty() && gone.contains(next.get(i))) {
        continue;
      }
      ConsumerRecord<K, V> record = read.get(i);
      TopicPartition partition = next.get(i).partition();
      if (!partition.equals(ofOwn)) {
        own = records.computeIfAbsent(partition, unknown -> new ArrayList<>());
        ofOwn = partition;
      }
      own.add(record);
      count++;
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
    records.forEach(
        (partition, given) ->
            positions.put(
                partition, new OffsetAndMetadata(given.get(given.size() - 1).offset() + 1)));
    if (count > 0) {
      metrics.consumed(count, bytes);
    }
    return new ConsumerRecords<>(records, positions);
  }

  /** The first of them, up to one that must wait for the next poll. */
  private List<ConsumerRecord<K, V>> read(List<Next> next) {
    List<ConsumerRecord<K, V>> read = new ArrayList<>(next.size());
    for (Next each : next) {
      boolean isFirst = read.isEmpty();
      if (!isFirst && (isToBeReleased(each) || isBelow(each, next.get(read.size() - 1)))) {
        break;
      }
      try {
        read.add(deserializing.read(each.partition(), each.record()));
      } catch (RecordDeserializationException e) {
        if (isFirst) {
          inFlight.refused(each.partition());
          throw e;
        }
        break; // what came before it first
      }
    }
    return read;
  }

  private static boolean isBelow(Next next, Next before) {
    return next.partition().equals(before.partition())
        && next.record().offset() < before.record().offset();
  }

  private boolean isToBeReleased(Next next) {
    return next.record().unreadable() != null && releasesForeign;
  }

  private void release(Next next) {
    LOGGER.warn(
        "given back to the queue of {}: {}",
        next.partition(),
        Objects.requireNonNull(next.record().unreadable()).getMessage());
    reader.letGo(next.partition());
  }

  private List<Next> next(long nanos) {
    try {
      return inFlight.next(maxRecords, nanos);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
