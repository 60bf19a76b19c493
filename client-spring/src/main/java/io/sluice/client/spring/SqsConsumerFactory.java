package io.sluice.client.spring;

import io.sluice.client.Services;
import io.sluice.client.SqsConsumer;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/**
 * Makes {@link SqsConsumer}s for listener containers. What {@link DefaultKafkaConsumerFactory} can
 * be set to means the same here.
 */
public class SqsConsumerFactory<K, V> extends DefaultKafkaConsumerFactory<K, V> {

  private final @Nullable Services services;
  private boolean configureDeserializers;
  private String name = "not.managed.by.Spring";

  /**
   * A factory whose consumers have clients of the AWS SDK of their own.
   *
   * @param configs Kafka's settings, those of {@link io.sluice.client.ServiceConfig} and of {@link
   *     io.sluice.client.SqsConsumerConfig}
   */
  public SqsConsumerFactory(Map<String, Object> configs) {
    this(configs, null);
  }

  /**
   * A factory whose consumers share clients of the AWS SDK. Each consumer has a long poll under way
   * for each of its topics, and each of those takes a connection.
   *
   * @param services stays the caller's to close; the consumers go on with it until they are closed
   *     too. Null: each consumer has its own
   */
  public SqsConsumerFactory(Map<String, Object> configs, @Nullable Services services) {
    this(configs, () -> null, () -> null, true, services);
  }

  /** A factory whose consumers share these deserializers, which are configured. */
  public SqsConsumerFactory(
      Map<String, Object> configs,
      @Nullable Deserializer<K> keyDeserializer,
      @Nullable Deserializer<V> valueDeserializer) {
    this(configs, () -> keyDeserializer, () -> valueDeserializer, true, null);
  }

  /**
   * A factory whose consumers have deserializers of their own.
   *
   * @param keyDeserializerSupplier null, or what gives null: the one that the settings name
   * @param configureDeserializers whether {@code configure} is called on what they give
   * @param services stays the caller's to close; null: each consumer has its own
   */
  public SqsConsumerFactory(
      Map<String, Object> configs,
      @Nullable Supplier<@Nullable Deserializer<K>> keyDeserializerSupplier,
      @Nullable Supplier<@Nullable Deserializer<V>> valueDeserializerSupplier,
      boolean configureDeserializers,
      @Nullable Services services) {
    super(configs, keyDeserializerSupplier, valueDeserializerSupplier, configureDeserializers);
    this.configureDeserializers = configureDeserializers;
    this.services = services;
  }

  @Override
  public void setConfigureDeserializers(boolean configureDeserializers) {
    super.setConfigureDeserializers(configureDeserializers);
    this.configureDeserializers = configureDeserializers;
  }

  @Override
  public void setBeanName(String name) {
    super.setBeanName(name);
    this.name = name;
  }

  /** As it is there, but that listeners hear of a consumer that is no {@code KafkaConsumer}. */
  @Override
  protected Consumer<K, V> createKafkaConsumer(Map<String, Object> configProps) {
    Consumer<K, V> consumer = createRawConsumer(configProps);
    for (ConsumerPostProcessor<K, V> processor : getPostProcessors()) {
      consumer = processor.apply(consumer);
    }
    return consumer;
  }

  @Override
  protected Consumer<K, V> createRawConsumer(Map<String, Object> configProps) {
    Services own = services == null ? Services.of(configProps) : services.share();
    Consumer<K, V> consumer;
    try {
      consumer =
          new SqsConsumer<>(
              configProps,
              configured(getKeyDeserializer(), configProps, true),
              configured(getValueDeserializer(), configProps, false),
              own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
    return getListeners().isEmpty()
        ? consumer
        : ConsumerEvents.tell(consumer, name, getListeners());
  }

  private <T> @Nullable Deserializer<T> configured(
      @Nullable Deserializer<T> deserializer, Map<String, Object> configs, boolean isKey) {
    if (deserializer != null && configureDeserializers) {
      deserializer.configure(configs, isKey);
    }
    return deserializer;
  }
}
