package io.sluice.client;

import io.sluice.client.producer.Flushing;
import io.sluice.client.producer.Messages;
import io.sluice.client.producer.PackedLane;
import io.sluice.client.producer.PlainLane;
import io.sluice.client.producer.Waiting;
import io.sluice.client.publish.MeasuredMessage;
import io.sluice.client.publish.Publishing;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a producer: one for each partition of a packed topic, and for a plain one so many
 * that groups seldom share one. Safe for use by many threads.
 */
final class Lanes {

  /** So many messages of a plain topic are under way at most. */
  private static final int PLAIN_LANES = 1024;

  private final Publishing publishing;
  private final Messages messages;
  private final Compression compression;
  private final int maxBytes;
  private final int maxRecordBytes;
  private final Duration linger;
  private final Flushing flushing;
  private final AtomicInteger spread = new AtomicInteger();

  /** A partition of a topic. */
  private record Key(String arn, int partition) {}

  private final Map<Key, PackedLane> packed = new ConcurrentHashMap<>();
  private final Map<String, AtomicReferenceArray<@Nullable PlainLane>> plain =
      new ConcurrentHashMap<>();

  /** Lanes whose records take of {@code memory}, and do not wait while somebody waits for that. */
  Lanes(SnsProducerConfig config, Publishing publishing, BufferMemory memory) {
    this.publishing = publishing;
    this.flushing = new Flushing(memory::isExhausted);
    memory.whenExhausted(() -> publishing.lookAgain(() -> {}));
    this.messages = new Messages(config.duration(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
    this.compression = config.compression();
    this.maxRecordBytes = config.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    // As in Kafka, it says how many records share a message, not how large one of them may be.
    this.maxBytes = Math.min(config.getInt(ProducerConfig.BATCH_SIZE_CONFIG), maxRecordBytes);
    this.linger = config.duration(ProducerConfig.LINGER_MS_CONFIG);
  }

  /**
   * Adds a record.
   *
   * @param message what it is by itself; null: one of many in a message of a packed topic
   */
  void add(
      TopicDescription topic, int partition, @Nullable MeasuredMessage message, Waiting waiting) {
    if (message == null || topic.format() == Format.PACKED) {
      PackedLane lane = packed(topic, partition);
      publishing.change(
          topic.arn(),
          lane,
          () -> {
            if (message == null) {
              lane.add(waiting);
            } else {
              lane.add(message, waiting);
            }
          });
    } else {
      PlainLane lane = plain(topic, message);
      publishing.change(topic.arn(), lane, () -> lane.add(message, waiting));
    }
  }

  private PackedLane packed(TopicDescription topic, int partition) {
    return packed.computeIfAbsent(
        new Key(topic.arn(), partition),
        unknown ->
            new PackedLane(
                partition,
                topic.fifo(),
                messages,
                compression,
                maxBytes,
                maxRecordBytes,
                linger,
                flushing));
  }

  private PlainLane plain(TopicDescription topic, MeasuredMessage message) {
    int number =
        topic.fifo()
            ? String.valueOf(message.content().groupId()).hashCode()
            : spread.getAndIncrement();
    int index = Math.floorMod(number, PLAIN_LANES);
    AtomicReferenceArray<@Nullable PlainLane> own =
        plain.computeIfAbsent(
            topic.arn(), unknown -> new AtomicReferenceArray<>(new PlainLane[PLAIN_LANES]));
    PlainLane lane = own.get(index);
    if (lane != null) {
      return lane;
    }
    PlainLane made = new PlainLane(topic.fifo(), messages, linger, flushing);
    PlainLane other = own.compareAndExchange(index, null, made);
    return other == null ? made : other;
  }

  /** Nothing waits for others any more, until {@link #endFlush}. */
  void beginFlush() {
    publishing.lookAgain(flushing::begin);
  }

  void endFlush() {
    flushing.end();
  }
}
