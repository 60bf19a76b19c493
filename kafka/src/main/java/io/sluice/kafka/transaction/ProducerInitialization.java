package io.sluice.kafka.transaction;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * Gives a transactional id its next producer epoch, which fences whoever had the last (KIP-98,
 * KIP-360): the id's first one, one that follows a failure, or that of another process that takes
 * over. Safe for use by many threads.
 */
final class ProducerInitialization {

  private final TransactionStates states;
  private final TransactionEnd ends;
  private final LongSupplier producerIds;
  private final InstantSource clock;

  ProducerInitialization(
      TransactionStates states,
      TransactionEnd ends,
      LongSupplier producerIds,
      InstantSource clock) {
    this.states = states;
    this.ends = ends;
    this.producerIds = producerIds;
    this.clock = clock;
  }

  /**
   * A producer begins.
   *
   * @param timeoutMs how long a transaction may be open (ms)
   * @param expected what the producer had before, if it says so
   * @throws org.apache.kafka.common.errors.ProducerFencedException another one has taken over
   * @throws org.apache.kafka.common.errors.ConcurrentTransactionsException an earlier transaction
   *     is still being ended, or is only now: to be asked again
   */
  ProducerIdAndEpoch initialize(
      String transactionalId, int timeoutMs, Optional<ProducerIdAndEpoch> expected)
      throws InterruptedException {
    TransactionEntry entry =
        states.findOrCreate(transactionalId, () -> first(transactionalId, timeoutMs));
    TxnTransitMetadata next = entry.inLock(state -> prepare(state, timeoutMs, expected));
    if (next.txnState() == TransactionState.PREPARE_ABORT) {
      ends.carryOut(entry, next);
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    return states.write(
        entry, next, state -> new ProducerIdAndEpoch(next.producerId(), next.producerEpoch()));
  }

  private TransactionMetadata first(String transactionalId, int timeoutMs) {
    return new TransactionMetadata(
        transactionalId,
        producerIds.getAsLong(),
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_PRODUCER_EPOCH,
        timeoutMs,
        TransactionState.EMPTY,
        Set.of(),
        -1,
        clock.millis(),
        TransactionVersion.TV_0);
  }

  private TxnTransitMetadata prepare(
      TransactionMetadata state, int timeoutMs, Optional<ProducerIdAndEpoch> expected) {
    if (state.pendingTransitionInProgress()) {
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    if (expected.isPresent() && !isOurs(state, expected.get())) {
      throw Errors.PRODUCER_FENCED.exception();
    }
    return switch (state.state()) {
      case EMPTY, COMPLETE_ABORT, COMPLETE_COMMIT -> nextEpoch(state, timeoutMs, expected);
      // The epoch of the abort is never given to anybody: who asks again gets the one after it.
      case ONGOING -> ends.prepareAbort(state);
      case PREPARE_ABORT, PREPARE_COMMIT -> throw Errors.CONCURRENT_TRANSACTIONS.exception();
      case DEAD, PREPARE_EPOCH_FENCE -> throw new IllegalStateException("never reached: " + state);
    };
  }

  private TxnTransitMetadata nextEpoch(
      TransactionMetadata state, int timeoutMs, Optional<ProducerIdAndEpoch> expected) {
    long now = clock.millis();
    boolean wantsNext = expected.isEmpty() || expected.get().epoch == state.producerEpoch();
    if (state.isProducerEpochExhausted() && wantsNext) {
      return state.prepareProducerIdRotation(
          producerIds.getAsLong(), timeoutMs, now, expected.isPresent());
    }
    return state.prepareIncrementProducerEpoch(timeoutMs, expected.map(known -> known.epoch), now);
  }

  /** Whether it is the producer of now, or asks again for an answer that it has not got. */
  private static boolean isOurs(TransactionMetadata state, ProducerIdAndEpoch expected) {
    return state.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH
        || expected.producerId == state.producerId()
        || (expected.producerId == state.prevProducerId()
            && TransactionMetadata.isEpochExhausted(expected.epoch));
  }
}
