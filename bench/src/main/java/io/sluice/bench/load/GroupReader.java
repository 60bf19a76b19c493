package io.sluice.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A group of one default consumer that reads a topic while others write it. The consumer belongs to
 * its own thread; what it found leaves that through futures.
 */
public final class GroupReader implements AutoCloseable {

  /**
   * When the first and the last record came, as {@link System#nanoTime} has it.
   *
   * @param records how many came
   */
  public record Span(long records, long firstNanos, long lastNanos) {}

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final CountDownLatch assigned = new CountDownLatch(1);
  private final CompletableFuture<Span> span = new CompletableFuture<>();
  private final Thread thread;

  /**
   * Begins to read.
   *
   * @param records after how many it ends
   */
  public GroupReader(String bootstrap, String topic, long records) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.GROUP_ID_CONFIG,
                "measured-" + Uuid.randomUuid(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    thread = Thread.ofPlatform().name("reader").start(() -> read(topic, records));
  }

  private void read(String topic, long records) {
    try (consumer) {
      consumer.subscribe(List.of(topic));
      long count = 0;
      long firstNanos = 0;
      long lastNanos = 0;
      while (count < records) {
        int polled = consumer.poll(POLL).count();
        if (!consumer.assignment().isEmpty()) {
          assigned.countDown();
        }
        if (polled > 0) {
          lastNanos = System.nanoTime();
          firstNanos = count == 0 ? lastNanos : firstNanos;
          count += polled;
        }
      }
      span.complete(new Span(count, firstNanos, lastNanos));
    } catch (WakeupException e) {
      span.cancel(false);
    } catch (RuntimeException e) {
      span.completeExceptionally(e);
    } finally {
      assigned.countDown();
    }
  }

  /** Waits until the group has formed, or has failed, of which {@link #await} tells. */
  public void awaitAssignment() throws InterruptedException {
    if (!assigned.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("a consumer got no partitions");
    }
  }

  /** Waits until all records have come. */
  public Span await() throws Exception {
    try {
      return span.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("a group did not get all records", e);
    }
  }

  /** Ends the thread and with it the consumer. */
  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }
}
