package io.sluice.client.spring;

import io.sluice.client.Services;
import io.sluice.client.SnsProducer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * Makes {@link SnsProducer}s for a {@code KafkaTemplate}. What {@link DefaultKafkaProducerFactory}
 * can be set to means the same here, but for transactions, which SNS has not.
 */
public class SnsProducerFactory<K, V> extends DefaultKafkaProducerFactory<K, V>
    implements InitializingBean {

  private final @Nullable Services services;

  /**
   * A factory whose producers have clients of the AWS SDK of their own.
   *
   * @param configs Kafka's settings and those of {@link io.sluice.client.ServiceConfig}
   */
  public SnsProducerFactory(Map<String, Object> configs) {
    this(configs, null);
  }

  /**
   * A factory whose producers share clients of the AWS SDK.
   *
   * @param services stays the caller's to close; the producers go on with it until they are closed
   *     too. Null: each producer has its own
   */
  public SnsProducerFactory(Map<String, Object> configs, @Nullable Services services) {
    this(configs, () -> null, () -> null, true, services);
  }

  /** A factory whose producers share these serializers, which are configured. */
  public SnsProducerFactory(
      Map<String, Object> configs,
      @Nullable Serializer<K> keySerializer,
      @Nullable Serializer<V> valueSerializer) {
    this(configs, () -> keySerializer, () -> valueSerializer, true, null);
  }

  /**
   * A factory whose producers have serializers of their own.
   *
   * @param keySerializerSupplier null, or what gives null: the one that the settings name
   * @param configureSerializers whether {@code configure} is called on what they give
   * @param services stays the caller's to close; null: each producer has its own
   */
  public SnsProducerFactory(
      Map<String, Object> configs,
      @Nullable Supplier<@Nullable Serializer<K>> keySerializerSupplier,
      @Nullable Supplier<@Nullable Serializer<V>> valueSerializerSupplier,
      boolean configureSerializers,
      @Nullable Services services) {
    super(configs, keySerializerSupplier, valueSerializerSupplier, configureSerializers);
    this.services = services;
  }

  private static UnsupportedOperationException noTransactions(String prefix) {
    return new UnsupportedOperationException(
        "SNS has no transactions: the transactionIdPrefix "
            + prefix
            + " (or "
            + ProducerConfig.TRANSACTIONAL_ID_CONFIG
            + ") must not be set");
  }

  /**
   * Refuses transactions when the application starts, and not with its first record.
   *
   * @throws UnsupportedOperationException there is a {@code transactionIdPrefix}
   */
  @Override
  public void afterPropertiesSet() {
    String prefix = getTransactionIdPrefix();
    if (prefix != null) {
      throw noTransactions(prefix);
    }
  }

  @Override
  protected Producer<K, V> createTransactionalProducer(@Nullable String txIdPrefix) {
    throw noTransactions(String.valueOf(txIdPrefix));
  }

  @Override
  protected Producer<K, V> createRawProducer(Map<String, Object> rawConfigs) {
    Services own = services == null ? Services.of(rawConfigs) : services.share();
    Producer<K, V> producer;
    try {
      producer = new SnsProducer<>(rawConfigs, getKeySerializer(), getValueSerializer(), own);
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
    for (ProducerPostProcessor<K, V> processor : getPostProcessors()) {
      producer = processor.apply(producer);
    }
    return producer;
  }

  /** A {@code KafkaTemplate} with settings of its own has a factory of its own: this. */
  @Override
  public ProducerFactory<K, V> copyWithConfigurationOverride(
      @Nullable Map<String, Object> overrideProperties) {
    Map<String, Object> configs = new HashMap<>(getConfigurationProperties());
    if (overrideProperties != null) {
      configs.putAll(overrideProperties);
    }
    SnsProducerFactory<K, V> copy =
        new SnsProducerFactory<>(
            configs,
            getKeySerializerSupplier(),
            getValueSerializerSupplier(),
            isConfigureSerializers(),
            services);
    copy.setPhysicalCloseTimeout(Math.toIntExact(getPhysicalCloseTimeout().toSeconds()));
    copy.setProducerPerThread(isProducerPerThread());
    getPostProcessors().forEach(copy::addPostProcessor);
    getListeners().forEach(copy::addListener);
    return copy;
  }
}
