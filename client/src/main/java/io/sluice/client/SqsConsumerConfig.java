package io.sluice.client;

import io.sluice.client.consume.QueueReader;
import io.sluice.client.service.Backoff;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Kafka's settings of a consumer, those that mean something here, and a few of SQS. */
public final class SqsConsumerConfig extends AbstractConfig {

  /** Whether a group is created that is not there yet: {@code true}, or {@code false}. */
  public static final String GROUP_CREATE = "group.create";

  /**
   * What becomes of a message of a packed topic that this library did not write: {@code fail} has
   * {@code poll} throw, {@code release} gives it back to the queue, whose redrive policy moves it
   * to its dead-letter queue.
   */
  public static final String FOREIGN_MESSAGES = "foreign.messages";

  static final String RELEASE = "release";
  private static final String FAIL = "fail";

  /** Amazon's "ReceiveMessage". */
  private static final int MAX_WAIT_MS = 20_000;

  /** Half of what Amazon's "Amazon SQS visibility timeout" allows in all: it is renewed. */
  private static final int MAX_VISIBILITY_MS = 21_600_000;

  /** As many polls' records wait for the application. */
  private static final long PREFETCHED_POLLS = 2;

  private static final ConfigDef DEFINITIONS =
      new ConfigDef()
          .define(ConsumerConfig.GROUP_ID_CONFIG, ConfigDef.Type.STRING, null, Importance.HIGH, "")
          .define(ConsumerConfig.CLIENT_ID_CONFIG, ConfigDef.Type.STRING, "", Importance.LOW, "")
          .define(
              ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
              ConfigDef.Type.CLASS,
              null,
              Importance.HIGH,
              "")
          .define(
              ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
              ConfigDef.Type.CLASS,
              null,
              Importance.HIGH,
              "")
          .define(
              ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
              ConfigDef.Type.LIST,
              List.of(),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
              ConfigDef.Type.BOOLEAN,
              true,
              Importance.MEDIUM,
              "")
          .define(
              ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG,
              ConfigDef.Type.INT,
              0,
              Range.atLeast(0),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
              ConfigDef.Type.STRING,
              "latest",
              Importance.MEDIUM,
              "")
          .define(
              ClientMetrics.REPORTERS,
              ConfigDef.Type.LIST,
              List.of(JmxReporter.class.getName()),
              Importance.LOW,
              "")
          .define(GROUP_CREATE, ConfigDef.Type.BOOLEAN, true, Importance.MEDIUM, "")
          .define(
              FOREIGN_MESSAGES,
              ConfigDef.Type.STRING,
              FAIL,
              ValidString.in(FAIL, RELEASE),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
              ConfigDef.Type.INT,
              500,
              Range.atLeast(1),
              Importance.MEDIUM,
              "")
          .define(
              ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
              ConfigDef.Type.INT,
              300_000,
              Range.atLeast(1),
              Importance.MEDIUM,
              "")
          .define(
              ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
              ConfigDef.Type.INT,
              45_000,
              Range.between(1_000, MAX_VISIBILITY_MS),
              Importance.HIGH,
              "")
          .define(
              ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
              ConfigDef.Type.INT,
              52_428_800,
              Range.atLeast(1),
              Importance.MEDIUM,
              "")
          .define(
              ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
              ConfigDef.Type.INT,
              MAX_WAIT_MS,
              Range.between(0, MAX_WAIT_MS),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
              ConfigDef.Type.INT,
              60_000,
              Range.atLeast(0),
              Importance.MEDIUM,
              "")
          .define(
              ConsumerConfig.METADATA_MAX_AGE_CONFIG,
              ConfigDef.Type.LONG,
              300_000L,
              Range.atLeast(0L),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.RETRY_BACKOFF_MS_CONFIG,
              ConfigDef.Type.LONG,
              100L,
              Range.atLeast(1L),
              Importance.LOW,
              "")
          .define(
              ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
              ConfigDef.Type.LONG,
              1000L,
              Range.atLeast(1L),
              Importance.LOW,
              "");

  /** How many have no name of their own. */
  private static final AtomicInteger UNNAMED = new AtomicInteger();

  private static final String DURATION_PREFIX = "by_duration:";

  /**
   * Reads them among others.
   *
   * @throws ConfigException one has no value that it may have
   */
  SqsConsumerConfig(Map<String, ?> configs) {
    super(DEFINITIONS, configs, false);
    start();
  }

  /** As in Kafka, each has a name of its own: metrics and MBeans are told apart by it. */
  @Override
  protected Map<String, Object> postProcessParsedConfig(Map<String, Object> parsed) {
    return "".equals(parsed.get(ConsumerConfig.CLIENT_ID_CONFIG))
        ? Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "sqs-consumer-" + UNNAMED.incrementAndGet())
        : Map.of();
  }

  /**
   * The group's name.
   *
   * @throws InvalidGroupIdException there is none
   */
  String group() {
    String group = getString(ConsumerConfig.GROUP_ID_CONFIG);
    if (group == null) {
      throw new InvalidGroupIdException("A consumer on SQS needs a group.id: its queues have it");
    }
    return group;
  }

  Duration duration(String key) {
    Object millis = get(key);
    return Duration.ofMillis(((Number) millis).longValue());
  }

  /** How long a poll that waits goes without saying that it is there. */
  long nanosBetweenPolls() {
    return duration(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG).toNanos() / 4;
  }

  /** Whole seconds, as SQS counts them. */
  Duration visibility() {
    Duration session = duration(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    return Duration.ofSeconds(session.plusMillis(999).toSeconds());
  }

  /** How queues are read. */
  QueueReader.Options readerOptions(String group) {
    return new QueueReader.Options(
        visibility(),
        duration(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        duration(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        (int)
            Math.min(
                Integer.MAX_VALUE,
                PREFETCHED_POLLS * getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)),
        getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG),
        new Backoff(
            duration(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG),
            duration(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG)),
        "sqs-consumer-" + group + "-" + getString(ConsumerConfig.CLIENT_ID_CONFIG),
        PayloadStores.of(originals(), getInt(ConsumerConfig.FETCH_MAX_BYTES_CONFIG)));
  }

  /** Those that are named. */
  @SuppressWarnings("unchecked")
  <K, V> List<ConsumerInterceptor<K, V>> interceptors() {
    List<ConsumerInterceptor<K, V>> named = new ArrayList<>();
    for (ConsumerInterceptor<?, ?> interceptor :
        getConfiguredInstances(
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class)) {
      named.add((ConsumerInterceptor<K, V>) interceptor);
    }
    return named;
  }

  /** Those that are given, and those that are named otherwise. */
  @SuppressWarnings("unchecked")
  <K, V> Deserializing<K, V> deserializing(
      Map<String, ?> configs, @Nullable Deserializer<K> key, @Nullable Deserializer<V> value) {
    return new Deserializing<>(
        key != null
            ? key
            : (Deserializer<K>) named(configs, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, true),
        value != null
            ? value
            : (Deserializer<V>)
                named(configs, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, false));
  }

  private Deserializer<?> named(Map<String, ?> configs, String name, boolean isKey) {
    Deserializer<?> deserializer = getConfiguredInstance(name, Deserializer.class);
    if (deserializer == null) {
      throw new ConfigException(name, null, "must be set");
    }
    deserializer.configure(configs, isKey);
    return deserializer;
  }

  /** Where a group begins: {@code latest}, {@code earliest}, {@code none} or a time ago. */
  GroupStart start() {
    String reset = getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);
    try {
      return reset.startsWith(DURATION_PREFIX)
          ? GroupStart.ago(Duration.parse(reset.substring(DURATION_PREFIX.length())))
          : GroupStart.named(reset);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new ConfigException(
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          reset,
          "must be latest, earliest, none or by_duration:PnDTnHnMn.nS");
    }
  }
}
