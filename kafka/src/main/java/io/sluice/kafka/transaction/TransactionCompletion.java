package io.sluice.kafka.transaction;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes transactions whose end is decided and durable: it writes their markers until each
 * partition has its own, and then that it is done. Each on a thread of its own, which is not
 * interrupted: it writes into files.
 */
final class TransactionCompletion implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TransactionCompletion.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  /** A transaction whose end is durable. */
  record Ended(
      TransactionEntry entry,
      TransactionMarker marker,
      Set<TopicPartition> partitions,
      TxnTransitMetadata completion) {}

  private final TransactionStates states;
  private final MarkerWriter markers;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("transaction-end-", 0).factory());
  private volatile boolean closed;

  TransactionCompletion(TransactionStates states, MarkerWriter markers) {
    this.states = states;
    this.markers = markers;
  }

  /** Begins to complete it, and returns at once. */
  void begin(Ended ended) {
    try {
      threads.execute(() -> complete(ended));
    } catch (RejectedExecutionException e) {
      LOGGER.debug("a transaction is completed by the next start", e);
    }
  }

  private void complete(Ended ended) {
    try {
      if (writeMarkers(ended)) {
        states.write(ended.entry(), ended.completion(), state -> state);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        LOGGER.error(
            "the transaction of {} is completed by the next start only",
            ended.entry().transactionalId(),
            e);
      }
    }
  }

  /** Whether all are written; otherwise the broker stops. */
  private boolean writeMarkers(Ended ended) throws InterruptedException {
    Set<TopicPartition> left = ended.partitions();
    long pause = FIRST_PAUSE.toNanos();
    while (!left.isEmpty()) {
      Map<TopicPartition, Errors> tried = markers.write(ended.marker(), left);
      left = select(tried, TransactionCompletion::isToBeTriedAgain);
      Set<TopicPartition> refused = select(tried, TransactionCompletion::isRefused);
      if (!refused.isEmpty()) {
        LOGGER.warn(
            "the transaction of {} had been ended in {} by somebody else",
            ended.entry().transactionalId(),
            refused);
      }
      if (!left.isEmpty()) {
        if (closed) {
          return false;
        }
        if (pause == FIRST_PAUSE.toNanos()) {
          LOGGER.warn(
              "the transaction of {} cannot be ended in {} yet",
              ended.entry().transactionalId(),
              left);
        }
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
      }
    }
    return true;
  }

  private static Set<TopicPartition> select(
      Map<TopicPartition, Errors> tried, Predicate<Errors> which) {
    return tried.entrySet().stream()
        .filter(each -> which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** A partition that was deleted needs no marker, and one that has a newer epoch takes none. */
  private static boolean isToBeTriedAgain(Errors error) {
    return error != Errors.NONE && error != Errors.UNKNOWN_TOPIC_OR_PARTITION && !isRefused(error);
  }

  private static boolean isRefused(Errors error) {
    return error == Errors.INVALID_PRODUCER_EPOCH || error == Errors.TRANSACTION_COORDINATOR_FENCED;
  }

  /** What is not complete by then is completed by the next start. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.debug("transactions are completed by the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
