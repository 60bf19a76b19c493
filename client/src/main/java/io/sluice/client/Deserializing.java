package io.sluice.client;

import io.sluice.client.consume.ReceivedRecord;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** An application's deserializers. */
record Deserializing<K, V>(Deserializer<K> key, Deserializer<V> value) implements AutoCloseable {

  /**
   * The record as the application gets it.
   *
   * @throws RecordDeserializationException it cannot be; it names the record
   */
  ConsumerRecord<K, V> read(TopicPartition partition, ReceivedRecord record) {
    RuntimeException unreadable = record.unreadable();
    if (unreadable != null) {
      throw failed(DeserializationExceptionOrigin.VALUE, partition, record, unreadable);
    }
    // What deserializers and the application make of them is not to be there when it comes again.
    Headers headers = new RecordHeaders(record.headers());
    K key = deserialize(this.key, DeserializationExceptionOrigin.KEY, partition, record, headers);
    V value =
        deserialize(this.value, DeserializationExceptionOrigin.VALUE, partition, record, headers);
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        size(record.key()),
        size(record.value()),
        key,
        value,
        headers,
        Optional.empty(),
        Optional.of(record.receiveCount()));
  }

  private static int size(byte @Nullable [] part) {
    return part == null ? ConsumerRecord.NULL_SIZE : part.length;
  }

  @SuppressWarnings("NullAway") // Kafka's own deserializers are given null and give it
  private static <T> T deserialize(
      Deserializer<T> deserializer,
      DeserializationExceptionOrigin origin,
      TopicPartition partition,
      ReceivedRecord record,
      Headers headers) {
    byte[] bytes = origin == DeserializationExceptionOrigin.KEY ? record.key() : record.value();
    try {
      return bytes == null ? null : deserializer.deserialize(partition.topic(), headers, bytes);
    } catch (RuntimeException e) {
      throw failed(origin, partition, record, e);
    }
  }

  private static RecordDeserializationException failed(
      DeserializationExceptionOrigin origin,
      TopicPartition partition,
      ReceivedRecord record,
      RuntimeException reason) {
    return new RecordDeserializationException(
        origin,
        partition,
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        Utils.wrapNullable(record.key()),
        Utils.wrapNullable(record.value()),
        new RecordHeaders(record.headers()),
        "Error deserializing "
            + origin
            + " for partition "
            + partition
            + " at offset "
            + record.offset()
            + ": "
            + reason.getMessage()
            + ". If needed, please seek past the record to continue consumption.",
        reason);
  }

  @Override
  public void close() {
    Utils.closeQuietly(key, "key deserializer");
    Utils.closeQuietly(value, "value deserializer");
  }
}
