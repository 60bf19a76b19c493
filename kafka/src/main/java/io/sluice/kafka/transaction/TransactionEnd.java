package io.sluice.kafka.transaction;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * Decides the end of transactions: the decision is durable before anybody hears of it, and the
 * markers follow. Safe for use by many threads.
 *
 * <p>With transaction version 2 (KIP-890) each end gives the producer its next epoch. A producer
 * that has not heard the answer asks again with the epoch before; one that does not know whether it
 * has begun a transaction may abort it in any case.
 */
final class TransactionEnd {

  private static final ProducerIdAndEpoch NOTHING_NEW = ProducerIdAndEpoch.NONE;

  /** Which end somebody asks for. */
  private record Asked(long producerId, short producerEpoch, TransactionResult result) {

    TransactionState prepared() {
      return result == TransactionResult.COMMIT
          ? TransactionState.PREPARE_COMMIT
          : TransactionState.PREPARE_ABORT;
    }

    TransactionState completed() {
      return result == TransactionResult.COMMIT
          ? TransactionState.COMPLETE_COMMIT
          : TransactionState.COMPLETE_ABORT;
    }
  }

  private final TransactionStates states;
  private final TransactionCompletion completion;
  private final LongSupplier producerIds;
  private final InstantSource clock;

  TransactionEnd(
      TransactionStates states,
      TransactionCompletion completion,
      LongSupplier producerIds,
      InstantSource clock) {
    this.states = states;
    this.completion = completion;
    this.producerIds = producerIds;
    this.clock = clock;
  }

  /**
   * Ends a transaction at the wish of its producer.
   *
   * @return with version 2 what the producer goes on with; otherwise {@link
   *     ProducerIdAndEpoch#NONE}
   * @throws org.apache.kafka.common.errors.ProducerFencedException another one has taken over
   * @throws org.apache.kafka.common.errors.ConcurrentTransactionsException an end is under way: to
   *     be asked again
   * @throws InvalidTxnStateException there is nothing to end so, or it has ended otherwise
   */
  ProducerIdAndEpoch end(
      TransactionEntry entry,
      ProducerIdAndEpoch producer,
      TransactionResult result,
      TransactionVersion version)
      throws InterruptedException {
    Asked asked = new Asked(producer.producerId, producer.epoch, result);
    boolean bumps = version.supportsEpochBump();
    Optional<TxnTransitMetadata> prepared =
        entry.inLock(state -> bumps ? prepareWithNewEpoch(state, asked) : prepare(state, asked));
    if (prepared.isEmpty()) {
      return bumps ? entry.inLock(TransactionEnd::producerOf) : NOTHING_NEW;
    }
    ProducerIdAndEpoch next = carryOut(entry, prepared.get());
    return bumps ? next : NOTHING_NEW;
  }

  /** In the entry's lock: to abort an open transaction, and to fence its producer. */
  TxnTransitMetadata prepareAbort(TransactionMetadata state) {
    return withNewEpoch(state, TransactionState.PREPARE_ABORT, false);
  }

  /**
   * Makes a decision durable and has the markers written.
   *
   * @return with which epoch the next producer may begin once they are
   */
  ProducerIdAndEpoch carryOut(TransactionEntry entry, TxnTransitMetadata prepared)
      throws InterruptedException {
    TransactionCompletion.Ended ended = states.write(entry, prepared, state -> ended(entry, state));
    completion.begin(ended);
    return new ProducerIdAndEpoch(
        ended.completion().producerId(), ended.completion().producerEpoch());
  }

  private static ProducerIdAndEpoch producerOf(TransactionMetadata state) {
    return new ProducerIdAndEpoch(state.producerId(), state.producerEpoch());
  }

  /** Completes what a process before this one had decided. */
  void resume(TransactionEntry entry) {
    Optional<TransactionCompletion.Ended> ended =
        entry.inLock(
            state ->
                switch (state.state()) {
                  case PREPARE_ABORT, PREPARE_COMMIT -> Optional.of(ended(entry, state));
                  default -> Optional.empty();
                });
    ended.ifPresent(completion::begin);
  }

  private TransactionCompletion.Ended ended(TransactionEntry entry, TransactionMetadata state) {
    TransactionResult result =
        state.state() == TransactionState.PREPARE_COMMIT
            ? TransactionResult.COMMIT
            : TransactionResult.ABORT;
    TransactionMarker marker =
        new TransactionMarker(
            state.producerId(),
            state.producerEpoch(),
            TransactionCoordinator.EPOCH,
            result,
            state.clientTransactionVersion().featureLevel());
    return new TransactionCompletion.Ended(
        entry, marker, Set.copyOf(state.topicPartitions()), state.prepareComplete(clock.millis()));
  }

  /** Empty when it has ended so already. */
  private Optional<TxnTransitMetadata> prepare(TransactionMetadata state, Asked asked) {
    if (state.producerId() != asked.producerId()) {
      throw Errors.INVALID_PRODUCER_ID_MAPPING.exception();
    }
    if (asked.producerEpoch() != state.producerEpoch()) {
      throw Errors.PRODUCER_FENCED.exception();
    }
    if (state.pendingTransitionInProgress()) {
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    if (state.state() == TransactionState.ONGOING) {
      return Optional.of(
          state.prepareAbortOrCommit(
              asked.prepared(),
              TransactionVersion.TV_0,
              RecordBatch.NO_PRODUCER_ID,
              clock.millis(),
              false));
    }
    if (state.state() == asked.completed()) {
      return Optional.empty();
    }
    throw refusal(state, asked);
  }

  /** Empty when it has ended so already. */
  private Optional<TxnTransitMetadata> prepareWithNewEpoch(TransactionMetadata state, Asked asked) {
    if (state.pendingTransitionInProgress()) {
      throw Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    boolean overEpochs =
        state.prevProducerId() == asked.producerId()
            && asked.producerEpoch() == Short.MAX_VALUE - 1
            && state.producerEpoch() == 0;
    boolean again = overEpochs || state.producerEpoch() == asked.producerEpoch() + 1;
    if (state.producerId() != asked.producerId() && !overEpochs) {
      throw Errors.INVALID_PRODUCER_ID_MAPPING.exception();
    }
    if (!mayAsk(state, asked, again)) {
      throw Errors.PRODUCER_FENCED.exception();
    }
    if (state.state() == asked.completed() && again) {
      return Optional.empty();
    }
    if (state.state() == TransactionState.ONGOING) {
      return Optional.of(withNewEpoch(state, asked.prepared(), false));
    }
    if (!again
        && asked.result() == TransactionResult.ABORT
        && state.state().isExpirationAllowed()) {
      // It has no partition, or none that anybody knows of.
      return Optional.of(withNewEpoch(state, asked.prepared(), true));
    }
    throw refusal(state, asked);
  }

  private static boolean mayAsk(TransactionMetadata state, Asked asked, boolean again) {
    boolean current = asked.producerEpoch() == state.producerEpoch();
    return switch (state.state()) {
      case ONGOING, EMPTY, DEAD, PREPARE_EPOCH_FENCE -> current;
      case PREPARE_COMMIT, PREPARE_ABORT -> again;
      case COMPLETE_COMMIT, COMPLETE_ABORT -> again || current;
    };
  }

  private TxnTransitMetadata withNewEpoch(
      TransactionMetadata state, TransactionState prepared, boolean nothingAdded) {
    long nextId =
        state.isProducerEpochExhausted() ? producerIds.getAsLong() : RecordBatch.NO_PRODUCER_ID;
    return state.prepareAbortOrCommit(
        prepared, TransactionVersion.LATEST_PRODUCTION, nextId, clock.millis(), nothingAdded);
  }

  private static RuntimeException refusal(TransactionMetadata state, Asked asked) {
    if (state.state() == asked.prepared()) {
      return Errors.CONCURRENT_TRANSACTIONS.exception();
    }
    return new InvalidTxnStateException(
        "a transaction in state " + state.state() + " has no " + asked.result());
  }
}
