package io.sluice.client;

import io.sluice.client.consume.InFlightMessages;
import io.sluice.client.consume.QueueReader;
import io.sluice.client.service.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group whose topics are SNS topics and whose positions are SQS queues. One
 * thread at a time uses it, as a {@code KafkaConsumer}; {@link #wakeup} is for any.
 *
 * <p>A record is deleted from the group's queue when it is committed, and comes again otherwise.
 * Every member is assigned every partition: SQS gives messages to whoever asks first, those of one
 * message group to one member at a time and in their order. Offsets come from sequence numbers and
 * grow within a message group: within a partition of a packed topic, within a key of a plain one;
 * without a sequence number an offset is -1.
 */
public final class SqsConsumer<K, V> implements GroupConsumer<K, V> {

  private static final Logger LOGGER = LoggerFactory.getLogger(SqsConsumer.class);

  /** Longer than any application waits; ms. */
  private static final long FOREVER = Duration.ofDays(10_000).toMillis();

  private final SqsConsumerConfig config;
  private final String group;
  private final Services services;
  private final TopicDirectory directory;
  private final Deserializing<K, V> deserializing;
  private final ConsumerInterceptors<K, V> interceptors;
  private final ConsumerMetrics metrics;
  private final QueueReader reader;
  private final InFlightMessages inFlight;
  private final GroupTopics topics;
  private final Polling<K, V> polling;
  private final Seeking seeking;
  private final Committing committing;
  private final UserThread user = new UserThread();
  private final Assignment assignment = new Assignment();
  private long committedAt = System.nanoTime();

  /**
   * A consumer with Kafka's settings, those of {@link ServiceConfig} and {@link SqsConsumerConfig}.
   */
  public SqsConsumer(Map<String, ?> configs) {
    this(configs, null, null, Services.of(configs), true);
  }

  /**
   * A consumer that owns its deserializers and services, once it is made.
   *
   * @param keyDeserializer null: the one that the settings name
   * @throws InvalidGroupIdException there is no {@code group.id}
   */
  public SqsConsumer(
      Map<String, ?> configs,
      @Nullable Deserializer<K> keyDeserializer,
      @Nullable Deserializer<V> valueDeserializer,
      Services services) {
    this(configs, keyDeserializer, valueDeserializer, services, false);
  }

  private SqsConsumer(
      Map<String, ?> configs,
      @Nullable Deserializer<K> keyDeserializer,
      @Nullable Deserializer<V> valueDeserializer,
      Services services,
      boolean madeServices) {
    Made made = new Made();
    try {
      this.services = madeServices ? made.add(services) : services;
      this.config = new SqsConsumerConfig(configs);
      String group = config.group();
      this.group = group;
      this.directory =
          new TopicDirectory(services, config.duration(ConsumerConfig.METADATA_MAX_AGE_CONFIG));
      this.deserializing =
          made.add(config.deserializing(configs, keyDeserializer, valueDeserializer));
      this.interceptors = made.add(new ConsumerInterceptors<>(config.interceptors()));
      this.metrics = made.add(new ConsumerMetrics(config));
      this.reader = new QueueReader(services.sqs(), config.readerOptions(group));
      // From here on nothing fails: the reader has threads.
      this.inFlight = reader.inFlight();
      this.polling = new Polling<>(config, reader, deserializing, metrics);
      Groups groups = new Groups(services);
      this.seeking = new Seeking(group, directory, groups, inFlight);
      this.topics = new GroupTopics(config, group, directory, groups, reader);
      this.committing = new Committing(reader, interceptors, metrics, defaultApiTimeout());
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  @Override
  public Duration defaultApiTimeout() {
    return config.duration(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
  }

  @Override
  public Set<TopicPartition> assignment() {
    return user.call(assignment::assigned);
  }

  @Override
  public Set<String> subscription() {
    return user.call(topics::names);
  }

  @Override
  public void subscribe(Collection<String> names, ConsumerRebalanceListener callback) {
    user.run(
        () -> {
          GroupTopics.check(names);
          GroupTopics.check(callback);
          if (names.isEmpty()) {
            stopReading();
          } else {
            names.forEach(name -> ResourceNames.queue(group, name, true));
            assignment.listen(callback);
            topics.subscribe(new LinkedHashSet<>(names));
          }
        });
  }

  @Override
  public void subscribe(Pattern pattern, ConsumerRebalanceListener callback) {
    user.run(
        () -> {
          GroupTopics.check(pattern);
          GroupTopics.check(callback);
          assignment.listen(callback);
          topics.subscribe(topic -> pattern.matcher(topic).matches());
        });
  }

  @Override
  public void unsubscribe() {
    user.run(this::stopReading);
  }

  private void stopReading() {
    revoke(inFlight.reading());
    topics.unsubscribe();
  }

  /** Before they are no longer read: the application may commit what it has of them. */
  private void revoke(Set<TopicPartition> partitions) {
    if (isAutoCommit() && !inFlight.isEvicted()) {
      committing.auto();
    }
    assignment.revoke(partitions);
  }

  @Override
  public ConsumerRecords<K, V> poll(Duration timeout) {
    return user.call(
        () -> {
          if (!topics.isSubscribed()) {
            throw new IllegalStateException(
                "Consumer is not subscribed to any topics or assigned any partitions");
          }
          return pollNow(System.nanoTime() + Math.min(timeout.toMillis(), FOREVER) * 1_000_000);
        });
  }

  private ConsumerRecords<K, V> pollNow(long deadline) {
    comeBack();
    autoCommit();
    while (true) {
      throwIfWoken();
      committing.callBack();
      topics.refresh(this::revoke);
      assignment.tell(inFlight.reading());
      seeking.begin();
      long left = deadline - System.nanoTime();
      long wait = Math.min(left, Math.min(topics.nanosToRefresh(), config.nanosBetweenPolls()));
      ConsumerRecords<K, V> records = polling.collect(wait);
      if (!records.isEmpty()) {
        return interceptors.onConsume(records);
      }
      inFlight.check();
      if (left <= 0) {
        throwIfWoken();
        return ConsumerRecords.empty();
      }
      comeBack();
    }
  }

  /** It polls; if it had been evicted, what was held is with others by now. */
  private void comeBack() {
    reader.polled();
    if (inFlight.isEvicted()) {
      assignment.lose();
      inFlight.readmit();
    }
  }

  private void throwIfWoken() {
    if (inFlight.calm()) {
      throw new WakeupException();
    }
  }

  private void autoCommit() {
    long interval = config.duration(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG).toNanos();
    if (isAutoCommit() && System.nanoTime() - committedAt >= interval) {
      committedAt = System.nanoTime();
      committing.auto();
    }
  }

  private boolean isAutoCommit() {
    return config.getBoolean(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);
  }

  @Override
  public void commitSync(Duration timeout) {
    user.run(() -> committing.sync(timeout));
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    user.run(() -> committing.sync(offsets, timeout));
  }

  @Override
  public void commitAsync(@Nullable OffsetCommitCallback callback) {
    user.run(() -> committing.async(callback));
  }

  @Override
  public void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    user.run(() -> committing.async(offsets, callback));
  }

  /**
   * Has a partition go on with a record that is in flight with this consumer; or, with an offset of
   * {@link #offsetsForTimes}, the whole group with what was published since then.
   *
   * @throws UnsupportedOperationException the record is not in flight any more
   */
  @Override
  public void seek(TopicPartition partition, long offset) {
    user.run(() -> seeking.seek(partition, offset));
  }

  /**
   * Gives a record that was polled back to the queue, with those of its message group that came
   * after it; nobody is given them for a while.
   *
   * @return their offsets
   */
  Set<Long> giveBack(TopicPartition partition, long offset) {
    return user.call(() -> reader.letGoGroup(partition, offset));
  }

  /** Gives everything back that was polled and is not committed, and what waits to be polled. */
  void giveBackAll() {
    user.run(reader::letGoAll);
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    user.run(() -> seeking.toBeginning(partitions));
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    user.run(() -> seeking.toEnd(partitions));
  }

  @Override
  public long position(TopicPartition partition) {
    return user.call(() -> Math.max(0, inFlight.position(partition)));
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
    return user.call(
        () -> {
          Map<TopicPartition, @Nullable OffsetAndMetadata> offsets = new HashMap<>();
          for (TopicPartition partition : partitions) {
            long offset = inFlight.committed(partition);
            offsets.put(partition, offset < 0 ? null : new OffsetAndMetadata(offset));
          }
          return offsets;
        });
  }

  @Override
  public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestampsToSearch) {
    return user.call(() -> Seeking.offsetsForTimes(timestampsToSearch));
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return metrics.all();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return user.call(() -> directory.find(topic).partitionInfos());
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics() {
    return user.call(directory::partitionInfos);
  }

  @Override
  public Set<TopicPartition> paused() {
    return user.call(inFlight::paused);
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    user.run(() -> inFlight.pause(partitions));
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    user.run(() -> inFlight.resume(partitions));
  }

  @Override
  @SuppressWarnings("removal") // there is no other way to make one yet
  public ConsumerGroupMetadata groupMetadata() {
    return user.call(() -> new ConsumerGroupMetadata(group));
  }

  @Override
  public void wakeup() {
    inFlight.wake();
  }

  @Override
  public void close(CloseOptions options) {
    Duration timeout = options.timeout().orElse(CLOSE_TIMEOUT);
    user.close(
        () -> {
          long deadline = Deadline.in(timeout);
          inFlight.calm();
          try {
            commitTheLast(timeout);
            revoke(inFlight.reading());
          } finally {
            reader.close(Deadline.until(deadline), services::close);
            try {
              committing.callBack();
            } finally {
              interceptors.close();
              deserializing.close();
              metrics.close();
            }
          }
        });
  }

  private void commitTheLast(Duration timeout) {
    try {
      if (isAutoCommit()) {
        committing.sync(timeout);
      }
    } catch (KafkaException e) {
      LOGGER.warn("what was polled last is not committed: {}", e.toString());
    }
  }
}
