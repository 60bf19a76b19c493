package io.sluice.kafka.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.sluice.broker.Broker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.PartitionMetadataClient;
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

  private Coordinator(GroupCoordinatorService service, TopicImages topics) {
    this.service = service;
    this.topics = topics;
  }

  /** Opens or creates the offsets topic, and loads the groups that are in it. */
  static Coordinator start(Broker broker, CoordinatorConfigs configs) throws InterruptedException {
    GroupCoordinatorConfig groupConfig = configs.groups();
    OffsetsTopic offsets = OffsetsTopic.open(broker.topics(), groupConfig);
    GroupConfigManager perGroup = configs.perGroup();
    GroupConfigs.passOn(broker.configs(), perGroup);
    ClockTime time = new ClockTime(broker.options().clock());
    Timer timer = new SystemTimerReaper("group-timer", new SystemTimer("group-timer-executor"));
    GroupCoordinatorService service =
        new GroupCoordinatorService.Builder(broker.options().nodeId(), groupConfig)
            .withTime(time)
            .withTimer(timer)
            .withLoader(new OffsetsLoader(offsets, time))
            .withWriter(new OffsetsWriter(offsets))
            .withCoordinatorRuntimeMetrics(new NoRuntimeMetrics())
            .withGroupCoordinatorMetrics(
                new GroupCoordinatorMetrics(new MetricsRegistry(), new Metrics()))
            .withGroupConfigManager(perGroup)
            .withPersister(new NoOpStatePersister())
            .withAuthorizerPlugin(Optional.empty())
            .withPartitionMetadataClient(new NoShareGroups())
            .build();
    service.startup(offsets::partitions);
    TopicImages topics = new TopicImages(broker.topics(), service, broker.options().clock());
    topics.publishAll();
    for (int i = 0; i < offsets.partitions(); i++) {
      service.onElection(i, offsets.log(offsets.partition(i)).leaderEpoch());
    }
    topics.follow();
    offsets.awaitLoaded(LOAD_WAIT);
    return new Coordinator(service, topics);
  }

  GroupCoordinator service() {
    return service;
  }

  @Override
  public void close() {
    topics.close();
    // This ends the timer too, which fails to end twice.
    service.shutdown();
  }

  /** Only share groups ask for the ends of partitions, and they are not served. */
  private static final class NoShareGroups implements PartitionMetadataClient {

    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
        Set<TopicPartition> partitions) {
      Map<TopicPartition, CompletableFuture<OffsetResponse>> answers = new HashMap<>();
      OffsetResponse refused = new OffsetResponse(-1, Errors.UNSUPPORTED_VERSION);
      partitions.forEach(
          partition -> answers.put(partition, CompletableFuture.completedFuture(refused)));
      return answers;
    }

    @Override
    public void close() {}
  }
}
