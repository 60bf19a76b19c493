package io.sluice.kafka.transaction;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * Which partitions belong to a transaction: before the first record of a transaction is in a
 * partition, the coordinator knows durably that it must write a marker there. Immutable.
 */
record TransactionParticipation(TransactionStates states, InstantSource clock) {

  /**
   * Adds partitions, and begins the transaction with the first ones. They are part of it when this
   * returns.
   *
   * @param patience how long to wait for the end of the transaction before
   * @throws org.apache.kafka.common.errors.ConcurrentTransactionsException that has still not
   *     ended: to be asked again
   * @throws org.apache.kafka.common.errors.ProducerFencedException another one has taken over
   */
  void add(
      TransactionEntry entry,
      ProducerIdAndEpoch producer,
      Set<TopicPartition> partitions,
      TransactionVersion version,
      Duration patience)
      throws InterruptedException {
    entry.awaitSettled(patience);
    Optional<TxnTransitMetadata> next =
        entry.inLock(state -> prepareAdd(state, producer, partitions, version));
    if (next.isPresent()) {
      states.write(entry, next.get(), state -> state);
    }
  }

  private Optional<TxnTransitMetadata> prepareAdd(
      TransactionMetadata state,
      ProducerIdAndEpoch producer,
      Set<TopicPartition> partitions,
      TransactionVersion version) {
    if (state.pendingTransitionInProgress()) {
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    check(state, producer);
    if (state.state() == TransactionState.ONGOING
        && state.topicPartitions().containsAll(partitions)) {
      return Optional.empty();
    }
    return Optional.of(state.prepareAddPartitions(partitions, clock.millis(), version));
  }

  /** Which of the partitions belong to the producer's open transaction. */
  Set<TopicPartition> among(
      TransactionEntry entry, ProducerIdAndEpoch producer, Set<TopicPartition> partitions) {
    return entry.inLock(
        state -> {
          check(state, producer);
          Set<TopicPartition> known = new HashSet<>(partitions);
          known.retainAll(state.topicPartitions());
          return known;
        });
  }

  private static void check(TransactionMetadata state, ProducerIdAndEpoch producer) {
    if (state.producerId() != producer.producerId) {
      throw Errors.INVALID_PRODUCER_ID_MAPPING.exception();
    }
    if (state.producerEpoch() != producer.epoch) {
      throw Errors.PRODUCER_FENCED.exception();
    }
    if (state.state() == TransactionState.PREPARE_COMMIT
        || state.state() == TransactionState.PREPARE_ABORT) {
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
  }
}
