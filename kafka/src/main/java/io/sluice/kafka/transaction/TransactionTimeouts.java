package io.sluice.kafka.transaction;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts transactions that are open for longer than their producer wanted, whom it fences, and
 * forgets transactional ids that nobody has used for a week, as Kafka does by default. Looks every
 * second, at Kafka's other default intervals' stead: readers wait for it.
 */
final class TransactionTimeouts implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TransactionTimeouts.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final long EXPIRATION_MS =
      TransactionStateManagerConfig.TRANSACTIONAL_ID_EXPIRATION_MS_DEFAULT;

  private final TransactionStates states;
  private final TransactionEnd ends;
  private final InstantSource clock;
  private final Thread watch = Thread.ofVirtual().name("transaction-timeouts").unstarted(this::run);
  private volatile boolean closed;

  TransactionTimeouts(TransactionStates states, TransactionEnd ends, InstantSource clock) {
    this.states = states;
    this.ends = ends;
    this.clock = clock;
  }

  void start() {
    watch.start();
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(INTERVAL.toNanos());
      for (TransactionEntry entry : states.all()) {
        if (!closed) {
          lookAt(entry);
        }
      }
    }
  }

  private void lookAt(TransactionEntry entry) {
    try {
      Optional<TxnTransitMetadata> next = entry.inLock(this::due);
      if (next.isEmpty()) {
        return;
      }
      if (next.get().txnState() == TransactionState.DEAD) {
        states.forget(entry);
      } else {
        ends.carryOut(entry, next.get());
        LOGGER.info(
            "the transaction of {} was aborted: it was open for too long", entry.transactionalId());
      }
    } catch (ApiException e) {
      LOGGER.warn("the transaction of {} cannot be ended yet", entry.transactionalId(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOGGER.error("the transaction of {} cannot be ended", entry.transactionalId(), e);
    }
  }

  private Optional<TxnTransitMetadata> due(TransactionMetadata state) {
    long now = clock.millis();
    if (state.pendingTransitionInProgress()) {
      return Optional.empty();
    }
    if (state.state() == TransactionState.ONGOING) {
      return now > state.txnStartTimestamp() + state.txnTimeoutMs()
          ? Optional.of(ends.prepareAbort(state))
          : Optional.empty();
    }
    return state.state().isExpirationAllowed()
            && now - EXPIRATION_MS >= state.txnLastUpdateTimestamp()
        ? Optional.of(state.prepareDead())
        : Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watch);
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
