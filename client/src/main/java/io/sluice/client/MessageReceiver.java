package io.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands messages to a handler until it is closed. */
public final class MessageReceiver implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(MessageReceiver.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
  private static final byte[] NOTHING = {};

  private final SqsConsumer<byte[], byte[]> consumer;
  private final MessageHandler handler;
  private final Thread thread;
  private volatile boolean closed;

  MessageReceiver(String topic, SqsConsumer<byte[], byte[]> consumer, MessageHandler handler) {
    this.consumer = consumer;
    this.handler = handler;
    consumer.subscribe(List.of(topic));
    this.thread = new Thread(this::run, "receive-" + topic);
    this.thread.setDaemon(true);
    this.thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        try {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          for (TopicPartition partition : records.partitions()) {
            handle(partition, records.records(partition));
          }
        } catch (WakeupException e) {
          // It is being closed.
        } catch (KafkaException e) {
          LOGGER.warn("messages are not received or acknowledged: {}", e.toString());
          startAgain();
        } catch (RuntimeException e) {
          LOGGER.error("messages are not received or acknowledged", e);
          startAgain();
        }
      }
    } finally {
      consumer.close();
    }
  }

  /** What was polled and not handled must not count as handled: it goes back with all the rest. */
  private void startAgain() {
    if (!closed) {
      consumer.giveBackAll();
      LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
    }
  }

  private void handle(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    Set<Long> goneBack = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (goneBack.contains(record.offset())) {
        continue;
      }
      if (handle(record)) {
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
      } else {
        goneBack.addAll(consumer.giveBack(partition, record.offset()));
      }
    }
  }

  /** Whether the handler has done with it. */
  private boolean handle(ConsumerRecord<byte[], byte[]> record) {
    try {
      handler.handle(message(record));
      return true;
    } catch (Exception e) {
      LOGGER.warn("a message of {} goes back: {}", record.topic(), e.toString());
      return false;
    } finally {
      // A handler that was interrupted is no reason to stop.
      Thread.interrupted();
    }
  }

  private static ReceivedMessage message(ConsumerRecord<byte[], byte[]> record) {
    return new ReceivedMessage(
        record.key() == null ? null : new String(record.key(), UTF_8),
        record.value() == null ? NOTHING : record.value(),
        Instant.ofEpochMilli(record.timestamp()),
        record.deliveryCount().orElse((short) 1));
  }

  /**
   * Ends after the message that is worked on; what was not acknowledged goes back. A handler may
   * call it too, and is not waited for then.
   */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    LockSupport.unpark(thread);
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
