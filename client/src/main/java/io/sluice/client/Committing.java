package io.sluice.client;

import io.sluice.client.consume.HeldMessage;
import io.sluice.client.consume.QueueReader;
import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer's commits. Used by one thread at a time. */
final class Committing {

  private static final Logger LOGGER = LoggerFactory.getLogger(Committing.class);

  private final QueueReader reader;
  private final ConsumerInterceptors<?, ?> interceptors;
  private final ConsumerMetrics metrics;
  private final Duration patience;

  /** What is to be called by the application's thread. */
  private final Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();

  /**
   * Commits that are tried for so long.
   *
   * @param patience of those that nobody waits for
   */
  Committing(
      QueueReader reader,
      ConsumerInterceptors<?, ?> interceptors,
      ConsumerMetrics metrics,
      Duration patience) {
    this.reader = reader;
    this.interceptors = interceptors;
    this.metrics = metrics;
    this.patience = patience;
  }

  /** Everything that the application was given. */
  private Map<TopicPartition, OffsetAndMetadata> everything() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    reader
        .inFlight()
        .positions()
        .forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
    return offsets;
  }

  /**
   * Commits everything that was polled, and waits.
   *
   * @throws CommitFailedException others may have some of it by now
   * @throws WakeupException somebody has woken it
   */
  void sync(Duration wait) {
    Map<TopicPartition, OffsetAndMetadata> offsets = everything();
    sync(reader.inFlight().commit(), offsets, wait);
  }

  /** As {@link #sync(Duration)}, of what comes before offsets. */
  void sync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration wait) {
    sync(commit(offsets), offsets, wait);
  }

  private List<HeldMessage> commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, Long> numbers = new HashMap<>();
    offsets.forEach((partition, offset) -> numbers.put(partition, offset.offset()));
    return reader.inFlight().commit(numbers);
  }

  private void sync(
      List<HeldMessage> done, Map<TopicPartition, OffsetAndMetadata> offsets, Duration wait) {
    CompletableFuture<Void> deleted = delete(done, wait);
    try {
      CompletableFuture.anyOf(deleted, reader.inFlight().sleep())
          .get(Nanoseconds.of(wait), TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "Timeout of " + wait.toMillis() + "ms expired before the commit was done", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
    callBack();
    interceptors.onCommit(offsets);
  }

  private CompletableFuture<Void> delete(List<HeldMessage> done, Duration wait) {
    long began = System.nanoTime();
    return reader
        .delete(done, wait)
        .whenComplete((nothing, failure) -> metrics.committed(System.nanoTime() - began));
  }

  private RuntimeException unwrapped(@Nullable Throwable cause) {
    if (cause instanceof CompletionException wrapped) {
      return unwrapped(wrapped.getCause());
    }
    if (cause instanceof WakeupException) {
      reader.inFlight().calm();
      return new WakeupException();
    }
    return cause instanceof RuntimeException known ? known : new KafkaException(cause);
  }

  /** Commits everything that was polled; the callback is called by a later {@link #callBack}. */
  void async(@Nullable OffsetCommitCallback callback) {
    Map<TopicPartition, OffsetAndMetadata> offsets = everything();
    async(reader.inFlight()::commit, offsets, callback);
  }

  /** As {@link #async(OffsetCommitCallback)}, of what comes before offsets. */
  void async(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    async(() -> commit(offsets), offsets, callback);
  }

  private void async(
      Supplier<List<HeldMessage>> commit,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable OffsetCommitCallback given) {
    OffsetCommitCallback callback = given == null ? Committing::log : given;
    List<HeldMessage> done;
    try {
      done = commit.get();
    } catch (CommitFailedException e) {
      callbacks.add(() -> callback.onComplete(offsets, e));
      return;
    }
    delete(done, patience)
        .whenComplete(
            (nothing, failure) ->
                callbacks.add(
                    () -> {
                      if (failure == null) {
                        interceptors.onCommit(offsets);
                        callback.onComplete(offsets, null);
                      } else {
                        callback.onComplete(offsets, unwrapped(failure));
                      }
                    }));
  }

  private static void log(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
    if (failure != null) {
      LOGGER.warn("what was polled is not committed: {}", failure.toString());
    }
  }

  /** Commits everything that was polled, if anything was, and says in the log when that failed. */
  void auto() {
    if (reader.inFlight().hasGiven()) {
      async(null);
    }
  }

  /** Calls back what has ended. */
  void callBack() {
    for (Runnable next = callbacks.poll(); next != null; next = callbacks.poll()) {
      next.run();
    }
  }
}
