package io.sluice.client;

import io.sluice.client.service.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.record.internal.CompressionType;

/** Kafka's settings of a producer, those that mean something here. */
final class SnsProducerConfig extends AbstractConfig {

  /**
   * Amazon knows a deduplication id for five minutes ("Amazon SNS message deduplication"); half a
   * minute of them is the last attempt's.
   */
  private static final int LONGEST_DELIVERY_MS = 270_000;

  /** How many have no name of their own. */
  private static final AtomicInteger UNNAMED = new AtomicInteger();

  /** What Amazon takes in one request ("PublishBatch"). */
  private static final int MAX_REQUEST_BYTES = 262_144;

  private static final ConfigDef DEFINITIONS =
      new ConfigDef()
          .define(
              ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
              ConfigDef.Type.CLASS,
              null,
              Importance.HIGH,
              "")
          .define(
              ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
              ConfigDef.Type.CLASS,
              null,
              Importance.HIGH,
              "")
          .define(ProducerConfig.CLIENT_ID_CONFIG, ConfigDef.Type.STRING, "", Importance.LOW, "")
          .define(
              ProducerConfig.PARTITIONER_CLASS_CONFIG,
              ConfigDef.Type.CLASS,
              null,
              Importance.LOW,
              "")
          .define(
              ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
              ConfigDef.Type.LIST,
              List.of(),
              Importance.LOW,
              "")
          .define(
              ClientMetrics.REPORTERS,
              ConfigDef.Type.LIST,
              List.of(JmxReporter.class.getName()),
              Importance.LOW,
              "")
          .define(
              ProducerConfig.TRANSACTIONAL_ID_CONFIG,
              ConfigDef.Type.STRING,
              null,
              Importance.LOW,
              "")
          .define(
              ProducerConfig.COMPRESSION_TYPE_CONFIG,
              ConfigDef.Type.STRING,
              "zstd",
              ValidString.in("none", "gzip", "snappy", "lz4", "zstd"),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.LINGER_MS_CONFIG,
              ConfigDef.Type.LONG,
              5L,
              Range.atLeast(0L),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.BATCH_SIZE_CONFIG,
              ConfigDef.Type.INT,
              MAX_REQUEST_BYTES,
              Range.between(1, MAX_REQUEST_BYTES),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.BUFFER_MEMORY_CONFIG,
              ConfigDef.Type.LONG,
              33_554_432L,
              Range.atLeast(0L),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.MAX_BLOCK_MS_CONFIG,
              ConfigDef.Type.LONG,
              60_000L,
              Range.atLeast(0L),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
              ConfigDef.Type.INT,
              MAX_REQUEST_BYTES,
              Range.between(1, MAX_REQUEST_BYTES),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
              ConfigDef.Type.INT,
              5,
              Range.between(1, 1000),
              Importance.LOW,
              "")
          .define(
              ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
              ConfigDef.Type.INT,
              120_000,
              Range.between(1, LONGEST_DELIVERY_MS),
              Importance.MEDIUM,
              "")
          .define(
              ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
              ConfigDef.Type.LONG,
              100L,
              Range.atLeast(1L),
              Importance.LOW,
              "")
          .define(
              ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
              ConfigDef.Type.LONG,
              1000L,
              Range.atLeast(1L),
              Importance.LOW,
              "")
          .define(
              ProducerConfig.METADATA_MAX_AGE_CONFIG,
              ConfigDef.Type.LONG,
              300_000L,
              Range.atLeast(0L),
              Importance.LOW,
              "");

  /**
   * Reads them among others.
   *
   * @throws ConfigException one has no value that it may have
   */
  SnsProducerConfig(Map<String, ?> configs) {
    super(DEFINITIONS, configs, false);
    if (getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null) {
      throw new ConfigException(
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          getString(ProducerConfig.TRANSACTIONAL_ID_CONFIG),
          "SNS has no transactions");
    }
    if (getLong(ProducerConfig.LINGER_MS_CONFIG)
        >= getInt(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)) {
      // Nothing would ever be published.
      throw new ConfigException(
          ProducerConfig.LINGER_MS_CONFIG,
          getLong(ProducerConfig.LINGER_MS_CONFIG),
          "must be less than delivery.timeout.ms");
    }
  }

  /** As in Kafka, each has a name of its own: metrics and MBeans are told apart by it. */
  @Override
  protected Map<String, Object> postProcessParsedConfig(Map<String, Object> parsed) {
    return "".equals(parsed.get(ProducerConfig.CLIENT_ID_CONFIG))
        ? Map.of(ProducerConfig.CLIENT_ID_CONFIG, "sns-producer-" + UNNAMED.incrementAndGet())
        : Map.of();
  }

  Backoff backoff() {
    return new Backoff(
        duration(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
        duration(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG));
  }

  Compression compression() {
    CompressionType type =
        CompressionType.forName(getString(ProducerConfig.COMPRESSION_TYPE_CONFIG));
    return Compression.of(type).build();
  }

  Duration duration(String key) {
    Object millis = get(key);
    return Duration.ofMillis(((Number) millis).longValue());
  }
}
