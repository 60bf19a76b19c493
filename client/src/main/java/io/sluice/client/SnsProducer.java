package io.sluice.client;

import io.sluice.client.message.PlainRecord;
import io.sluice.client.producer.Waiting;
import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Outgoing;
import io.sluice.client.publish.Publishing;
import io.sluice.client.service.SequenceNumbers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer whose topics are SNS topics. Safe for use by many threads.
 *
 * <p>On a FIFO topic records of a partition (packed) or key (plain) come in their order, and each
 * once however often its request was repeated.
 */
public final class SnsProducer<K, V> implements Producer<K, V> {

  private static final Logger LOGGER = LoggerFactory.getLogger(SnsProducer.class);

  private final Duration maxBlock;
  private final Services services;
  private final TopicDirectory topics;
  private final Serializing<K, V> serializing;
  private final ProducerInterceptors<K, V> interceptors;
  private final Partitioning partitioning;
  private final Publishing publishing;
  private final BufferMemory memory;
  private final ProducerMetrics metrics;
  private final Lanes lanes;
  private final SingleMessages singles;
  private final UnderWay underWay = new UnderWay();

  /** A producer with Kafka's settings and those of {@link ServiceConfig}. */
  public SnsProducer(Map<String, ?> configs) {
    this(configs, null, null, Services.of(configs), true);
  }

  /**
   * A producer that owns its serializers and services, once it is made.
   *
   * @param keySerializer null: the one that the settings name
   */
  public SnsProducer(
      Map<String, ?> configs,
      @Nullable Serializer<K> keySerializer,
      @Nullable Serializer<V> valueSerializer,
      Services services) {
    this(configs, keySerializer, valueSerializer, services, false);
  }

  private SnsProducer(
      Map<String, ?> configs,
      @Nullable Serializer<K> keySerializer,
      @Nullable Serializer<V> valueSerializer,
      Services services,
      boolean madeServices) {
    Made made = new Made();
    try {
      this.services = madeServices ? made.add(services) : services;
      SnsProducerConfig config = new SnsProducerConfig(configs);
      this.maxBlock = config.duration(ProducerConfig.MAX_BLOCK_MS_CONFIG);
      this.topics =
          new TopicDirectory(services, config.duration(ProducerConfig.METADATA_MAX_AGE_CONFIG));
      this.serializing = made.add(Serializing.of(config, configs, keySerializer, valueSerializer));
      this.interceptors = made.add(ProducerInterceptors.of(config));
      this.partitioning = made.add(new Partitioning(config));
      this.memory = new BufferMemory(config.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG));
      this.metrics = made.add(new ProducerMetrics(config));
      this.singles = made.add(singles(config));
      this.publishing = made.add(publishing(config, services));
      this.lanes = new Lanes(config, publishing, memory);
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  private static SingleMessages singles(SnsProducerConfig config) {
    return new SingleMessages(
        config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        config.compression(),
        PayloadStores.of(config.originals(), Long.MAX_VALUE));
  }

  private static Publishing publishing(SnsProducerConfig config, Services services) {
    return new Publishing(
        services.sns(),
        config.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION),
        config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        config.backoff(),
        "sns-producer | " + config.getString(ProducerConfig.CLIENT_ID_CONFIG));
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record) {
    return send(record, null);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback) {
    ProducerRecord<K, V> intercepted = interceptors.onSend(record);
    int partition = RecordMetadata.UNKNOWN_PARTITION;
    try {
      if (publishing.isClosed()) {
        throw new IllegalStateException("Cannot perform operation after producer has been closed");
      }
      long began = System.nanoTime();
      TopicDescription topic = topics.find(intercepted.topic(), maxBlock);
      byte[] key = serializing.key(intercepted);
      byte[] value = serializing.value(intercepted);
      partition = partitioning.of(topic, intercepted, key, value);
      if (intercepted.headers() instanceof RecordHeaders headers) {
        headers.setReadOnly();
      }
      return send(topic, partition, intercepted, key, value, began, callback);
    } catch (ApiException e) {
      // As KafkaProducer does: what the service refuses is the future's, not the caller's.
      RecordMetadata none = ProducerInterceptors.unsent(intercepted, partition);
      if (callback != null) {
        callback.onCompletion(none, e);
      }
      metrics.failed();
      interceptors.onAcknowledgement(none, e, intercepted.headers());
      return CompletableFuture.failedFuture(e);
    } catch (RuntimeException e) {
      metrics.failed();
      RecordMetadata none = ProducerInterceptors.unsent(intercepted, partition);
      interceptors.onAcknowledgement(none, e, intercepted.headers());
      throw e;
    }
  }

  private Future<RecordMetadata> send(
      TopicDescription topic,
      int partition,
      ProducerRecord<K, V> record,
      byte @Nullable [] key,
      byte @Nullable [] value,
      long began,
      @Nullable Callback callback) {
    long timestamp = record.timestamp() == null ? services.clock().millis() : record.timestamp();
    Header[] headers = record.headers().toArray();
    boolean packed = topic.format() == Format.PACKED;
    SimpleRecord content =
        packed
            ? copy(timestamp, key, value, headers)
            : new SimpleRecord(timestamp, key, value, headers);
    MeasuredMessage message =
        packed
            ? singles.largePacked(partition, content, Waiting.bytes(content))
            : singles.plain(topic, partition, new PlainRecord(key, value, List.of(headers)));
    long bytes = message == null ? Waiting.bytes(content) : message.bytes();
    memory.take(bytes, maxBlock.minusNanos(System.nanoTime() - began));
    // Only from now on its time runs, as in Kafka.
    Delivery delivery =
        new Delivery(
            new TopicPartition(topic.name(), partition),
            timestamp,
            key == null ? -1 : key.length,
            value == null ? -1 : value.length,
            record.headers(),
            bytes,
            callback);
    delivery.generation = underWay.begin();
    try {
      lanes.add(topic, partition, message, new Waiting(content, delivery.since, delivery));
    } catch (RuntimeException | Error e) {
      delivery.release();
      throw e;
    }
    return delivery.result;
  }

  /** What waits is the record as it is now, whatever the application does with its arrays. */
  private static SimpleRecord copy(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value, Header[] headers) {
    Header[] copies = new Header[headers.length];
    for (int i = 0; i < headers.length; i++) {
      copies[i] = new RecordHeader(headers[i].key(), copy(headers[i].value()));
    }
    return new SimpleRecord(timestamp, copy(key), copy(value), copies);
  }

  private static byte @Nullable [] copy(byte @Nullable [] bytes) {
    return bytes == null ? null : bytes.clone();
  }

  /** Whose record goes its way even when nobody wants to know. */
  private static final class Result extends CompletableFuture<RecordMetadata> {

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return false;
    }
  }

  /** What comes of one record. */
  private final class Delivery implements Outgoing.Listener {
    private final TopicPartition partition;
    private final long timestamp;
    private final int keySize;
    private final int valueSize;
    private final Headers headers;
    private final Result result = new Result();
    private final @Nullable Callback callback;
    private final long since = System.nanoTime();
    private final long bytes;
    private UnderWay.@Nullable Generation generation;

    Delivery(
        TopicPartition partition,
        long timestamp,
        int keySize,
        int valueSize,
        Headers headers,
        long bytes,
        @Nullable Callback callback) {
      this.bytes = bytes;
      this.partition = partition;
      this.timestamp = timestamp;
      this.keySize = keySize;
      this.valueSize = valueSize;
      this.headers = headers;
      this.callback = callback;
    }

    private RecordMetadata metadata(long offset) {
      return new RecordMetadata(partition, offset, 0, timestamp, keySize, valueSize);
    }

    @Override
    public void published(@Nullable String sequenceNumber) {
      RecordMetadata metadata = metadata(SequenceNumbers.offset(sequenceNumber));
      metrics.published(bytes, System.nanoTime() - since);
      end(metadata, null);
    }

    @Override
    public void failed(RuntimeException reason) {
      if (!(reason instanceof RetriableException)
          || reason instanceof UnknownTopicOrPartitionException) {
        topics.lookAgain(partition.topic());
      }
      metrics.failed();
      // As Kafka's Callback promises it: nothing but topic and partition.
      end(ProducerInterceptors.unsent(partition), reason);
    }

    private void end(RecordMetadata metadata, @Nullable RuntimeException reason) {
      try {
        interceptors.onAcknowledgement(metadata, reason, headers);
        if (callback != null) {
          callback.onCompletion(metadata, reason);
        }
      } catch (Throwable e) {
        LOGGER.error("a callback failed for a record of {}", partition, e);
      } finally {
        // Who waits for it may rely on what the callback has done.
        if (reason == null) {
          result.complete(metadata);
        } else {
          result.completeExceptionally(reason);
        }
        release();
      }
    }

    void release() {
      memory.free(bytes);
      UnderWay.Generation began = generation;
      if (began != null) {
        underWay.end(began);
      }
    }
  }

  @Override
  public void flush() {
    if (publishing.isTelling()) {
      throw new KafkaException(
          "SnsProducer.flush() invocation inside a callback is not permitted because it may lead"
              + " to deadlock.");
    }
    lanes.beginFlush();
    try {
      underWay.awaitAll();
    } finally {
      lanes.endFlush();
    }
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return topics.find(topic, maxBlock).partitionInfos();
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return metrics.all();
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {}

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {}

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    throw new UnsupportedVersionException("SNS collects no metrics of clients");
  }

  private static UnsupportedVersionException noTransactions() {
    return new UnsupportedVersionException(
        "SNS has no transactions: each message is published by itself");
  }

  @Override
  public void initTransactions() {
    throw noTransactions();
  }

  @Override
  public void beginTransaction() {
    throw noTransactions();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    throw noTransactions();
  }

  @Override
  public void commitTransaction() {
    throw noTransactions();
  }

  @Override
  public void abortTransaction() {
    throw noTransactions();
  }

  @Override
  public void close() {
    close(Duration.ofMillis(Long.MAX_VALUE));
  }

  @Override
  public void close(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("The timeout cannot be negative.");
    }
    if (publishing.isTelling() && !timeout.isZero()) {
      LOGGER.warn("a callback closes its producer, which therefore waits for no record");
    }
    lanes.beginFlush();
    publishing.close(timeout);
    interceptors.close();
    partitioning.close();
    serializing.close();
    metrics.close();
    singles.close();
    services.close();
  }
}
