package io.sluice.client;

import io.sluice.client.message.PlainMessage;
import io.sluice.client.producer.Flushing;
import io.sluice.client.producer.Messages;
import io.sluice.client.producer.PackedLane;
import io.sluice.client.producer.PlainLane;
import io.sluice.client.producer.Waiting;
import io.sluice.client.publish.Lane;
import io.sluice.client.publish.Publishing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Flushing flushing = new Flushing();
  private final AtomicInteger spread = new AtomicInteger();

  /** By ARN, format and number: a topic may be made again under its ARN with another format. */
  private final Map<List<Object>, Lane> lanes = new ConcurrentHashMap<>();

  Lanes(SnsProducerConfig config, Publishing publishing) {
    this.publishing = publishing;
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
  void add(TopicDescription topic, int partition, @Nullable PlainMessage message, Waiting waiting) {
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
    return (PackedLane)
        lanes.computeIfAbsent(
            List.of(topic.arn(), Format.PACKED, partition),
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

  private PlainLane plain(TopicDescription topic, PlainMessage message) {
    int number =
        topic.fifo() ? String.valueOf(message.groupId()).hashCode() : spread.getAndIncrement();
    return (PlainLane)
        lanes.computeIfAbsent(
            List.of(topic.arn(), Format.PLAIN, Math.floorMod(number, PLAIN_LANES)),
            unknown -> new PlainLane(topic.fifo(), messages, linger, flushing));
  }

  /** Nothing that is there waits for others any more. */
  void flush() {
    publishing.lookAgain(flushing::begin);
  }
}
