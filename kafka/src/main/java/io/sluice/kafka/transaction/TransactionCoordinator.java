package io.sluice.kafka.transaction;

import io.sluice.broker.Broker;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * The coordinator of every transactional id, started: what a process before this one had decided is
 * being carried out. Safe for use by many threads.
 */
final class TransactionCoordinator implements AutoCloseable {

  /** Nobody takes over from the only coordinator. */
  static final int EPOCH = 0;

  /** Kafka's {@code transaction.max.timeout.ms}. */
  private static final int MAX_TIMEOUT_MS =
      TransactionStateManagerConfig.TRANSACTIONS_MAX_TIMEOUT_MS_DEFAULT;

  private final TransactionStates states;
  private final TransactionCompletion completion;
  private final TransactionEnd ends;
  private final ProducerInitialization initialization;
  private final TransactionParticipation participation;
  private final TransactionTimeouts timeouts;

  private TransactionCoordinator(
      Broker broker, TransactionStates states, TransactionCompletion completion) {
    this.states = states;
    this.completion = completion;
    this.ends =
        new TransactionEnd(states, completion, broker::nextProducerId, states.clocks().steady());
    this.initialization =
        new ProducerInitialization(states, ends, broker::nextProducerId, states.clocks().steady());
    this.participation = new TransactionParticipation(states, states.clocks().steady());
    this.timeouts = new TransactionTimeouts(states, ends, states.clocks().steady());
  }

  /** Opens or creates the topic with the states, and reads it. */
  static TransactionCoordinator start(Broker broker, OffsetTransactions offsets) {
    TransactionStates states =
        TransactionStates.load(
            TransactionTopic.open(broker.topics()), broker.options().clocks().apart());
    TransactionCompletion completion =
        new TransactionCompletion(states, new MarkerWriter(broker.topics(), offsets));
    TransactionCoordinator coordinator = new TransactionCoordinator(broker, states, completion);
    states.all().forEach(coordinator.ends::resume);
    coordinator.timeouts.start();
    return coordinator;
  }

  TransactionStates states() {
    return states;
  }

  TransactionParticipation participation() {
    return participation;
  }

  /**
   * A transactional producer begins, as {@link ProducerInitialization} says.
   *
   * @throws org.apache.kafka.common.errors.InvalidTxnTimeoutException no time, or more than is
   *     allowed
   */
  ProducerIdAndEpoch initialize(
      String transactionalId, int timeoutMs, Optional<ProducerIdAndEpoch> expected)
      throws InterruptedException {
    if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
      throw Errors.INVALID_TRANSACTION_TIMEOUT.exception();
    }
    return initialization.initialize(transactionalId, timeoutMs, expected);
  }

  /** Adds partitions at the wish of the producer, as {@link TransactionParticipation} says. */
  void add(
      String transactionalId,
      ProducerIdAndEpoch producer,
      Set<TopicPartition> partitions,
      TransactionVersion version)
      throws InterruptedException {
    participation.add(entry(transactionalId), producer, partitions, version, Duration.ZERO);
  }

  /** Ends a transaction at the wish of its producer, as {@link TransactionEnd} says. */
  ProducerIdAndEpoch end(
      String transactionalId,
      ProducerIdAndEpoch producer,
      TransactionResult result,
      TransactionVersion version)
      throws InterruptedException {
    return ends.end(entry(transactionalId), producer, result, version);
  }

  /**
   * What is known of an id.
   *
   * @throws org.apache.kafka.common.errors.InvalidPidMappingException nothing
   * @throws org.apache.kafka.common.errors.InvalidRequestException it is none
   */
  TransactionEntry entry(String transactionalId) {
    if (transactionalId == null || transactionalId.isEmpty()) {
      throw Errors.INVALID_REQUEST.exception();
    }
    return states.find(transactionalId).orElseThrow(Errors.INVALID_PRODUCER_ID_MAPPING::exception);
  }

  @Override
  public void close() {
    timeouts.close();
    completion.close();
  }
}
