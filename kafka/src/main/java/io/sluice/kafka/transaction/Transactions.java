package io.sluice.kafka.transaction;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.OnDemand;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * The transaction coordinator of this broker, started by the first request that needs it, or at
 * once when there are transactional ids. Safe for use by many threads.
 */
public final class Transactions implements AutoCloseable {

  /** The first version of AddOffsetsToTxn. */
  private static final int OFFSETS_KNOW_FENCED = 2;

  private final Broker broker;
  private final List<KafkaApi> apis;
  private final OnDemand<TransactionCoordinator> coordinator;

  /** Set before the first request. */
  private volatile Optional<OffsetTransactions> offsets = Optional.empty();

  /** Nothing is started yet. */
  public Transactions(Broker broker) {
    this.broker = broker;
    this.coordinator =
        new OnDemand<>(
            "transactions",
            () -> TransactionCoordinator.start(broker, this::endOffsets),
            TransactionCoordinator::close);
    this.apis = TransactionApis.all(coordinator::get, broker, this::endOffsets);
  }

  /**
   * From now on requests may come. Resumes, in the background, what a process before this one had
   * begun.
   *
   * @param groups ends transactions in the partitions of the group coordinator
   */
  public void start(OffsetTransactions groups) {
    offsets = Optional.of(groups);
    if (TransactionTopic.exists(broker.topics())) {
      coordinator.startSoon();
    }
  }

  private CompletableFuture<Void> endOffsets(TopicPartition partition, TransactionMarker marker)
      throws InterruptedException {
    return offsets.orElseThrow().end(partition, marker);
  }

  /** Every API of transactions but those of offsets, for registration. */
  public List<KafkaApi> apis() {
    return apis;
  }

  /** Lets the records of transactions into partitions. */
  public TransactionAdmission admission() {
    return new TransactionAdmission(coordinator::get);
  }

  /**
   * Adds the partition of a group's offsets to a transaction, at the wish of its producer.
   *
   * @param version of the AddOffsetsToTxn request
   * @throws org.apache.kafka.common.errors.ApiException the error to answer with
   */
  public void add(
      String transactionalId, ProducerIdAndEpoch producer, TopicPartition offsets, short version)
      throws InterruptedException {
    try {
      // Only clients that do not know transaction version 2 ask for it.
      coordinator.get().add(transactionalId, producer, Set.of(offsets), TransactionVersion.TV_0);
    } catch (ProducerFencedException e) {
      throw ProducerFencing.of(e, version, OFFSETS_KNOW_FENCED);
    }
  }

  /** Starts the coordinator when it is not running: whoever asks for it comes back at once. */
  public void ensureStarted() throws InterruptedException {
    coordinator.get();
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
