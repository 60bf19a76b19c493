package io.sluice.client.spring;

import io.sluice.client.Services;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** A Spring application as anybody has one for Kafka, but for the names of its two factories. */
@Configuration
@EnableKafka
class Application {

  /** How often a listener is given a record at most, before it is a dead letter. */
  static final int ATTEMPTS = 3;

  @Bean
  ProducerFactory<String, String> producerFactory(Services services) {
    return new SnsProducerFactory<>(
        Map.of(
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class),
        services);
  }

  @Bean
  ConsumerFactory<String, String> consumerFactory(Services services) {
    return new SqsConsumerFactory<>(
        Map.of(
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            StringDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            StringDeserializer.class,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            // What is not given back does not come again within any of the tests.
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            600_000,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            1000),
        services);
  }

  @Bean
  KafkaTemplate<String, String> template(ProducerFactory<String, String> factory) {
    return new KafkaTemplate<>(factory);
  }

  @Bean
  DefaultErrorHandler errorHandler(KafkaTemplate<String, String> template) {
    return new DefaultErrorHandler(
        new DeadLetterPublishingRecoverer(template), new FixedBackOff(0, ATTEMPTS - 1));
  }

  private static ConcurrentKafkaListenerContainerFactory<String, String> containers(
      ConsumerFactory<String, String> consumers, DefaultErrorHandler handler, AckMode mode) {
    var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
    factory.setConsumerFactory(consumers);
    factory.setConcurrency(2);
    factory.setCommonErrorHandler(handler);
    factory.getContainerProperties().setAckMode(mode);
    factory.getContainerProperties().setPollTimeout(1000);
    return factory;
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
      ConsumerFactory<String, String> consumers, DefaultErrorHandler handler) {
    return containers(consumers, handler, AckMode.BATCH);
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> oneByOne(
      ConsumerFactory<String, String> consumers, DefaultErrorHandler handler) {
    return containers(consumers, handler, AckMode.RECORD);
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> byHand(
      ConsumerFactory<String, String> consumers, DefaultErrorHandler handler) {
    return containers(consumers, handler, AckMode.MANUAL);
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> inBatches(
      ConsumerFactory<String, String> consumers, DefaultErrorHandler handler) {
    ConcurrentKafkaListenerContainerFactory<String, String> factory =
        containers(consumers, handler, AckMode.BATCH);
    factory.setBatchListener(true);
    return factory;
  }
}
