package io.sluice.client;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application's interceptors, one after the other; what they throw is logged, no more. */
final class ConsumerInterceptors<K, V> implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerInterceptors.class);

  private final List<ConsumerInterceptor<K, V>> interceptors;

  ConsumerInterceptors(List<ConsumerInterceptor<K, V>> interceptors) {
    this.interceptors = interceptors;
  }

  /** What they make of records. */
  ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
    ConsumerRecords<K, V> intercepted = records;
    for (ConsumerInterceptor<K, V> interceptor : interceptors) {
      try {
        intercepted = interceptor.onConsume(intercepted);
      } catch (RuntimeException e) {
        LOGGER.warn("an interceptor failed with {} records", records.count(), e);
      }
    }
    return intercepted;
  }

  /** They hear what was committed. */
  void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    for (ConsumerInterceptor<K, V> interceptor : interceptors) {
      try {
        interceptor.onCommit(offsets);
      } catch (RuntimeException e) {
        LOGGER.warn("an interceptor failed with a commit", e);
      }
    }
  }

  @Override
  public void close() {
    interceptors.forEach(each -> Utils.closeQuietly(each, "an interceptor"));
  }
}
