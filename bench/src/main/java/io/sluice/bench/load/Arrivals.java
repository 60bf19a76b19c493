package io.sluice.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer with its defaults that follows the only partition of a topic, and when each record
 * came. The consumer belongs to its own thread, which writes a time before it releases the permit
 * that lets another thread read it.
 */
final class Arrivals implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final CompletableFuture<Void> positioned = new CompletableFuture<>();
  private final Semaphore came = new Semaphore(0);
  private final long[] nanos;
  private final Thread thread;

  /**
   * Follows a topic from its present end.
   *
   * @param records how many will come
   */
  Arrivals(String bootstrap, String topic, int records) {
    nanos = new long[records];
    consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    thread = Thread.ofPlatform().name("arrivals").start(() -> follow(topic));
    positioned.join();
  }

  private void follow(String topic) {
    try (consumer) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToEnd(List.of(partition));
      consumer.position(partition);
      positioned.complete(null);
      int next = 0;
      while (next < nanos.length) {
        int count = consumer.poll(POLL).count();
        long now = System.nanoTime();
        for (int record = 0; record < count; record++) {
          nanos[next++] = now;
        }
        came.release(count);
      }
    } catch (WakeupException e) {
      // Closed before everything came.
      return;
    } catch (RuntimeException e) {
      // Before that the one who waits learns of it; later the records that do not come tell.
      positioned.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * Waits for some more records.
   *
   * @throws IllegalStateException when they do not come
   */
  void await(int records) throws InterruptedException {
    if (!came.tryAcquire(records, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("%d records did not come".formatted(records));
    }
  }

  /** When a record came that has been waited for, as {@link System#nanoTime} has it. */
  long nanos(int record) {
    return nanos[record];
  }

  /** Ends the thread and with it the consumer. */
  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }
}
