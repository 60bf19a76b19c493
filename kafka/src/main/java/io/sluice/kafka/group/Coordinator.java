package io.sluice.kafka.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.sluice.broker.Broker;
import io.sluice.kafka.transaction.TransactionAdmission;
import io.sluice.log.clock.ClockTime;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.apache.kafka.server.util.timer.Timer;

/**
 * Apache Kafka's group coordinator, started, as the only node of its cluster: it leads every
 * partition of the offsets topic. Safe for use by many threads.
 */
final class Coordinator implements AutoCloseable {

  /** Beyond that, clients are told that the coordinator is loading, and come back. */
  private static final Duration LOAD_WAIT = Duration.ofSeconds(5);

  private final GroupCoordinatorService service;
  private final TopicImages topics;
  private final ShareGroupConfigs shareConfigs;

  private Coordinator(
      GroupCoordinatorService service, TopicImages topics, ShareGroupConfigs shareConfigs) {
    this.service = service;
    this.topics = topics;
    this.shareConfigs = shareConfigs;
  }

  /** Opens or creates the offsets topic, and loads the groups that are in it. */
  static Coordinator start(
      Broker broker, CoordinatorConfigs configs, TransactionAdmission transactions)
      throws InterruptedException {
    GroupCoordinatorConfig groupConfig = configs.groups();
    OffsetsTopic offsets = OffsetsTopic.open(broker.topics(), groupConfig);
    GroupConfigManager perGroup = configs.perGroup();
    GroupConfigs.passOn(broker.configs(), perGroup);
    ShareGroupConfigs shareConfigs =
        new ShareGroupConfigs(perGroup, configs.shareGroups(), broker.queues());
    // Records are stamped with it, which may not be of the future; and old offsets expire by it.
    Time time = ClockTime.of(broker.options().clocks().cautious());
    Timer timer = new SystemTimerReaper("group-timer", new SystemTimer("group-timer-executor"));
    GroupCoordinatorService service =
        new GroupCoordinatorService.Builder(broker.options().nodeId(), groupConfig)
            .withTime(time)
            .withTimer(timer)
            .withLoader(new OffsetsLoader(offsets, time))
            .withWriter(new OffsetsWriter(offsets, transactions))
            .withCoordinatorRuntimeMetrics(new NoRuntimeMetrics())
            .withGroupCoordinatorMetrics(
                new GroupCoordinatorMetrics(new MetricsRegistry(), new Metrics()))
            .withGroupConfigManager(perGroup)
            .withPersister(new ShareGroupPersister(broker.shareGroups(), shareConfigs))
            .withAuthorizerPlugin(Optional.empty())
            .withPartitionMetadataClient(new PartitionEnds(broker.topics()))
            .build();
    service.startup(offsets::partitions);
    TopicImages topics =
        new TopicImages(broker.topics(), service, offsets, broker.options().clocks().wall());
    topics.publishAll();
    for (int i = 0; i < offsets.partitions(); i++) {
      service.onElection(i, offsets.log(offsets.partition(i)).leaderEpoch());
    }
    topics.follow();
    offsets.awaitLoaded(LOAD_WAIT);
    return new Coordinator(service, topics, shareConfigs);
  }

  GroupCoordinator service() {
    return service;
  }

  ShareGroupConfigs shareConfigs() {
    return shareConfigs;
  }

  @Override
  public void close() {
    topics.close();
    // This ends the timer too, which fails to end twice.
    service.shutdown();
  }
}
