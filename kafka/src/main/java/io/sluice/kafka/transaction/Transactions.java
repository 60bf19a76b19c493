package io.sluice.kafka.transaction;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.TransactionVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transaction coordinator of this broker, started by the first request that needs it, or at
 * once when there are transactional ids. Safe for use by many threads.
 */
public final class Transactions implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Transactions.class);

  /** The first version of AddOffsetsToTxn. */
  private static final int OFFSETS_KNOW_FENCED = 2;

  private final Broker broker;
  private final List<KafkaApi> apis;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written by the owner of {@link #lock}. */
  private volatile Optional<TransactionCoordinator> coordinator = Optional.empty();

  /** Owned by {@link #lock}. */
  private boolean closed;

  /** Set before the first request. */
  private volatile Optional<OffsetTransactions> offsets = Optional.empty();

  /** Nothing is started yet. */
  public Transactions(Broker broker) {
    this.broker = broker;
    this.apis = TransactionApis.all(this::coordinator, broker, this::endOffsets);
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
      Thread.ofVirtual().name("transaction-start").start(this::startNow);
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
    return new TransactionAdmission(this::coordinator);
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
      coordinator().add(transactionalId, producer, Set.of(offsets), TransactionVersion.TV_0);
    } catch (ProducerFencedException e) {
      throw ProducerFencing.of(e, version, OFFSETS_KNOW_FENCED);
    }
  }

  private void startNow() {
    try {
      coordinator();
    } catch (InterruptedException | CoordinatorNotAvailableException e) {
      LOGGER.debug("the transactions were not started", e);
    } catch (RuntimeException e) {
      LOGGER.error("the transactions could not be started; the next request tries again", e);
    }
  }

  /** Starts the coordinator when it is not running: whoever asks for it comes back at once. */
  public void ensureStarted() throws InterruptedException {
    coordinator();
  }

  private TransactionCoordinator coordinator() throws InterruptedException {
    Optional<TransactionCoordinator> started = coordinator;
    return started.isPresent() ? started.get() : startCoordinator();
  }

  private TransactionCoordinator startCoordinator() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new CoordinatorNotAvailableException("the broker is shutting down");
      }
      if (coordinator.isEmpty()) {
        coordinator = Optional.of(TransactionCoordinator.start(broker, this::endOffsets));
      }
      return coordinator.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      coordinator.ifPresent(TransactionCoordinator::close);
    } finally {
      lock.unlock();
    }
  }
}
