package io.sluice.kafka.group;

import io.sluice.broker.Broker;
import io.sluice.broker.StartingPoint;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.KafkaListenerOptions;
import io.sluice.kafka.OnDemand;
import io.sluice.kafka.config.Configurable;
import io.sluice.kafka.transaction.TransactionMarker;
import io.sluice.kafka.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * The group coordinator of this broker, started by the first request that needs it, or at once when
 * there are groups. Safe for use by many threads.
 */
public final class Groups implements AutoCloseable {

  private final Broker broker;
  private final KafkaListenerOptions options;
  private final List<KafkaApi> apis;
  private final OnDemand<Coordinator> coordinator;

  private Groups(
      Broker broker, Node node, KafkaListenerOptions options, Transactions transactions) {
    this.broker = broker;
    this.options = options;
    this.coordinator =
        new OnDemand<>(
            "groups",
            () -> Coordinator.start(broker, configs(), transactions.admission()),
            Coordinator::close);
    this.apis = GroupApis.all(this::coordinator, broker.topics(), node, transactions);
  }

  /**
   * Groups and offsets that were there before are there again.
   *
   * @param node this broker, as clients reach it
   * @param options how long a new group waits for members, and how often members ask for news
   * @param transactions in which offsets may be committed
   */
  public static Groups start(
      Broker broker, Node node, KafkaListenerOptions options, Transactions transactions) {
    Groups groups = new Groups(broker, node, options, transactions);
    if (OffsetsTopic.exists(broker.topics())) {
      groups.coordinator.startSoon();
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
    return CoordinatorConfigs.of(options);
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

  /** How the group's records are delivered now. */
  public ShareGroupSettings shareGroup(String group) throws InterruptedException {
    return coordinator.get().shareConfigs().of(group);
  }

  /** Where the group begins to read a topic. */
  public StartingPoint shareGroupStart(String group) throws InterruptedException {
    return coordinator.get().shareConfigs().start(group);
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
    return coordinator.get().service();
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
