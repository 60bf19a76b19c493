package io.sluice.kafka.transaction;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;

/**
 * A transactional id: Kafka's state of it, in one lock with those who wait for it to change. A
 * transition that is prepared is pending until it is durable; nobody else may prepare one by then.
 */
final class TransactionEntry {

  private final String transactionalId;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by {@link #lock}. */
  private final TransactionMetadata metadata;

  TransactionEntry(TransactionMetadata metadata) {
    this.transactionalId = metadata.transactionalId();
    this.metadata = metadata;
  }

  String transactionalId() {
    return transactionalId;
  }

  /** Looks at the state, or prepares a transition, while nobody changes it. */
  <T> T inLock(Function<TransactionMetadata, T> action) {
    lock.lock();
    try {
      return action.apply(metadata);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The pending transition is durable.
   *
   * @param then what is done before anybody else sees the new state
   */
  <T> T complete(TxnTransitMetadata next, Function<TransactionMetadata, T> then) {
    return inLock(
        state -> {
          state.completeTransitionTo(next);
          changed.signalAll();
          return then.apply(state);
        });
  }

  /** The pending transition could not be made durable. */
  void cancel() {
    lock.lock();
    try {
      metadata.pendingState(Optional.empty());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no transition is pending and no end is under way, but no longer than that. */
  void awaitSettled(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (left > 0 && !isSettled()) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isSettled() {
    return !metadata.pendingTransitionInProgress()
        && metadata.state() != TransactionState.PREPARE_COMMIT
        && metadata.state() != TransactionState.PREPARE_ABORT;
  }
}
