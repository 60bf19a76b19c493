package io.sluice.kafka.group;

import io.sluice.broker.Broker;
import io.sluice.broker.StartingPoint;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.config.Configurable;
import io.sluice.kafka.transaction.TransactionMarker;
import io.sluice.kafka.transaction.Transactions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group coordinator of this broker, started by the first request that needs it, or at once when
 * there are groups. Safe for use by many threads.
 */
public final class Groups implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Groups.class);

  private final Broker broker;
  private final int initialRebalanceDelayMs;
  private final Transactions transactions;
  private final List<KafkaApi> apis;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written by the owner of {@link #lock}. */
  private volatile Optional<Coordinator> coordinator = Optional.empty();

  /** Owned by {@link #lock}. */
  private boolean closed;

  private Groups(Broker broker, Node node, int initialRebalanceDelayMs, Transactions transactions) {
    this.broker = broker;
    this.transactions = transactions;
    this.initialRebalanceDelayMs = initialRebalanceDelayMs;
    this.apis = GroupApis.all(this::coordinator, broker.topics(), node, transactions);
  }

  /**
   * Groups and offsets that were there before are there again.
   *
   * @param node this broker, as clients reach it
   * @param initialRebalanceDelayMs how long a new classic or streams group waits for more members
   * @param transactions in which offsets may be committed
   */
  public static Groups start(
      Broker broker, Node node, int initialRebalanceDelayMs, Transactions transactions) {
    Groups groups = new Groups(broker, node, initialRebalanceDelayMs, transactions);
    if (OffsetsTopic.exists(broker.topics())) {
      Thread.ofVirtual().name("group-start").start(groups::startNow);
    }
    return groups;
  }

  /** Every group API, for registration. */
  public List<KafkaApi> apis() {
    return apis;
  }

  /** What is configurable of groups. */
  public Configurable configurable() {
    return new ConfigurableGroups(broker.configs(), this::configs);
  }

  private CoordinatorConfigs configs() {
    return CoordinatorConfigs.of(initialRebalanceDelayMs);
  }

  /** Ends a transaction in a partition of the offsets topic. */
  public CompletableFuture<Void> endTransaction(TopicPartition partition, TransactionMarker marker)
      throws InterruptedException {
    return coordinator()
        .completeTransaction(
            partition,
            marker.producerId(),
            marker.producerEpoch(),
            marker.coordinatorEpoch(),
            marker.result(),
            marker.version());
  }

  private void startNow() {
    try {
      coordinator();
    } catch (InterruptedException | CoordinatorNotAvailableException e) {
      LOGGER.debug("the groups were not started", e);
    } catch (RuntimeException e) {
      LOGGER.error("the groups could not be started; the next request tries again", e);
    }
  }

  /** How the group's records are delivered now. */
  public ShareGroupSettings shareGroup(String group) throws InterruptedException {
    return running().shareConfigs().of(group);
  }

  /** Where the group begins to read a topic. */
  public StartingPoint shareGroupStart(String group) throws InterruptedException {
    return running().shareConfigs().start(group);
  }

  /** Whether the share group has that member. */
  public boolean isShareMember(RequestContext context, String group, String member)
      throws InterruptedException {
    List<DescribedGroup> described =
        CoordinatorApi.await(coordinator().shareGroupDescribe(context, List.of(group)));
    return described.stream()
        .flatMap(found -> found.members().stream())
        .anyMatch(found -> found.memberId().equals(member));
  }

  private GroupCoordinator coordinator() throws InterruptedException {
    return running().service();
  }

  private Coordinator running() throws InterruptedException {
    Optional<Coordinator> started = coordinator;
    return started.isPresent() ? started.get() : startCoordinator();
  }

  private Coordinator startCoordinator() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new CoordinatorNotAvailableException("the broker is shutting down");
      }
      if (coordinator.isEmpty()) {
        coordinator = Optional.of(Coordinator.start(broker, configs(), transactions.admission()));
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
      coordinator.ifPresent(Coordinator::close);
    } finally {
      lock.unlock();
    }
  }
}
