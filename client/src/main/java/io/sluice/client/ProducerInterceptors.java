package io.sluice.client;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application's interceptors, one after the other; what they throw is logged, no more. */
final class ProducerInterceptors<K, V> implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ProducerInterceptors.class);

  private final List<ProducerInterceptor<K, V>> interceptors;

  ProducerInterceptors(List<ProducerInterceptor<K, V>> interceptors) {
    this.interceptors = interceptors;
  }

  /** Those that are named. */
  @SuppressWarnings("unchecked")
  static <K, V> ProducerInterceptors<K, V> of(SnsProducerConfig config) {
    List<ProducerInterceptor<K, V>> named = new ArrayList<>();
    for (ProducerInterceptor<?, ?> interceptor :
        config.getConfiguredInstances(
            ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, ProducerInterceptor.class)) {
      named.add((ProducerInterceptor<K, V>) interceptor);
    }
    return new ProducerInterceptors<>(named);
  }

  /**
   * What they and callbacks are told of a record that was not even published, as in Kafka.
   *
   * @param partition its number, or {@link RecordMetadata#UNKNOWN_PARTITION}
   */
  static RecordMetadata unsent(ProducerRecord<?, ?> record, int partition) {
    Integer asked = record.partition();
    int known = partition == RecordMetadata.UNKNOWN_PARTITION && asked != null ? asked : partition;
    return unsent(new TopicPartition(record.topic(), known));
  }

  /** The same of a record whose partition is known. */
  static RecordMetadata unsent(TopicPartition partition) {
    return new RecordMetadata(partition, -1, -1, RecordBatch.NO_TIMESTAMP, -1, -1);
  }

  /** What they make of a record. */
  ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
    ProducerRecord<K, V> intercepted = record;
    for (ProducerInterceptor<K, V> interceptor : interceptors) {
      try {
        intercepted = interceptor.onSend(intercepted);
      } catch (RuntimeException e) {
        LOGGER.warn("an interceptor failed with a record of topic {}", record.topic(), e);
      }
    }
    return intercepted;
  }

  /** They hear what became of it. */
  void onAcknowledgement(RecordMetadata metadata, @Nullable Exception reason, Headers headers) {
    for (ProducerInterceptor<K, V> interceptor : interceptors) {
      try {
        interceptor.onAcknowledgement(metadata, reason, headers);
      } catch (RuntimeException e) {
        LOGGER.warn("an interceptor failed with an acknowledgement", e);
      }
    }
  }

  @Override
  public void close() {
    interceptors.forEach(each -> Utils.closeQuietly(each, "an interceptor"));
  }
}
