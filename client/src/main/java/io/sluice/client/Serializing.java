package io.sluice.client;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** An application's serializers. */
record Serializing<K, V>(Serializer<K> keys, Serializer<V> values) implements AutoCloseable {

  /** Those that are given, and those that are named otherwise. */
  @SuppressWarnings("unchecked")
  static <K, V> Serializing<K, V> of(
      SnsProducerConfig config,
      Map<String, ?> configs,
      @Nullable Serializer<K> keys,
      @Nullable Serializer<V> values) {
    Serializer<K> own =
        keys != null
            ? keys
            : (Serializer<K>)
                named(config, configs, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, true);
    try {
      return new Serializing<>(
          own,
          values != null
              ? values
              : (Serializer<V>)
                  named(config, configs, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, false));
    } catch (RuntimeException | Error e) {
      Utils.closeQuietly(own, "key serializer");
      throw e;
    }
  }

  private static Serializer<?> named(
      SnsProducerConfig config, Map<String, ?> configs, String name, boolean isKey) {
    Serializer<?> serializer = config.getConfiguredInstance(name, Serializer.class);
    if (serializer == null) {
      throw new ConfigException(name, null, "must be set");
    }
    serializer.configure(configs, isKey);
    return serializer;
  }

  /**
   * The bytes of a record's key.
   *
   * @throws SerializationException it is not of the serializer's type
   */
  byte @Nullable [] key(ProducerRecord<K, V> record) {
    try {
      return keys.serialize(record.topic(), record.headers(), record.key());
    } catch (ClassCastException e) {
      throw wrong("key", record.key(), keys, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, e);
    }
  }

  /**
   * The bytes of its value.
   *
   * @throws SerializationException it is not of the serializer's type
   */
  byte @Nullable [] value(ProducerRecord<K, V> record) {
    try {
      return values.serialize(record.topic(), record.headers(), record.value());
    } catch (ClassCastException e) {
      throw wrong("value", record.value(), values, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, e);
    }
  }

  private static SerializationException wrong(
      String part,
      @Nullable Object content,
      Serializer<?> serializer,
      String setting,
      ClassCastException e) {
    return new SerializationException(
        "Can't convert "
            + part
            + " of class "
            + (content == null ? "null" : content.getClass().getName())
            + " to class "
            + serializer.getClass().getName()
            + " specified in "
            + setting,
        e);
  }

  @Override
  public void close() {
    Utils.closeQuietly(keys, "key serializer");
    Utils.closeQuietly(values, "value serializer");
  }
}
