package io.sluice.kafka.group;

import io.sluice.kafka.RunningListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/**
 * Kafka Streams' word count: from topic {@code lines} to topic {@code words}, with a repartition
 * topic and a store {@code counts} in memory, whose changelog is the only place that keeps it. The
 * figures may be read by any thread.
 */
final class WordCount implements AutoCloseable {

  static final String APPLICATION = "word-count";

  private static final Duration CLOSE = Duration.ofSeconds(30);

  private final KafkaStreams streams;
  private final AtomicLong restored = new AtomicLong();
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  WordCount(RunningListener sluice, Path folder, Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    configs.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    configs.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    configs.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    configs.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    configs.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    configs.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
        BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
    Properties properties = new Properties();
    properties.putAll(sluice.clientConfigs(configs));
    streams = new KafkaStreams(topology().build(), properties);
    streams.setGlobalStateRestoreListener(new Restored());
    streams.setUncaughtExceptionHandler(
        e -> {
          failures.add(e);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
  }

  private static StreamsBuilder topology() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream("lines")
        .flatMapValues(line -> Arrays.asList(line.split(" ")))
        .groupBy((key, word) -> word)
        .count(Materialized.as("counts"))
        .toStream()
        .mapValues(count -> Long.toString(count))
        .to("words");
    return builder;
  }

  boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** How many records of the changelog were read back. */
  long restored() {
    return restored.get();
  }

  /** What ended the application. */
  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    // Otherwise a classic member's tasks wait for the end of its session.
    streams.close(
        CloseOptions.timeout(CLOSE)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    streams.cleanUp();
  }

  private final class Restored implements StateRestoreListener {

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
      // Only what was read counts.
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long number) {
      restored.addAndGet(number);
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
      // Counted already.
    }
  }
}
