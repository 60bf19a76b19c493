package io.sluice.kafka.group;

import io.sluice.broker.LimitExceededException;
import io.sluice.broker.ShareGroups;
import io.sluice.broker.subscription.Progress;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.kafka.ErrorCodes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateResult;
import org.apache.kafka.server.share.persister.GroupTopicPartitionData;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateResult;
import org.apache.kafka.server.share.persister.PartitionErrorData;
import org.apache.kafka.server.share.persister.PartitionFactory;
import org.apache.kafka.server.share.persister.PartitionIdData;
import org.apache.kafka.server.share.persister.PartitionIdLeaderEpochData;
import org.apache.kafka.server.share.persister.PartitionStateData;
import org.apache.kafka.server.share.persister.PartitionStateSummaryData;
import org.apache.kafka.server.share.persister.Persister;
import org.apache.kafka.server.share.persister.ReadShareGroupStateParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateResult;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryResult;
import org.apache.kafka.server.share.persister.TopicData;
import org.apache.kafka.server.share.persister.WriteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.WriteShareGroupStateResult;

/**
 * Lets the coordinator begin, move, forget and look at what share groups read: the broker's own
 * subscriptions, which keep the state of every record themselves. A group begins to read a topic
 * when its first member is to be assigned one of its partitions. Safe for use by many threads.
 */
final class ShareGroupPersister implements Persister {

  private final ShareGroups groups;
  private final ShareGroupConfigs configs;

  ShareGroupPersister(ShareGroups groups, ShareGroupConfigs configs) {
    this.groups = groups;
    this.configs = configs;
  }

  @Override
  public CompletableFuture<InitializeShareGroupStateResult> initializeState(
      InitializeShareGroupStateParameters request) {
    GroupTopicPartitionData<PartitionStateData> asked = request.groupTopicPartitionData();
    return away(
        () ->
            new InitializeShareGroupStateResult.Builder()
                .setTopicsData(
                    each(asked, (topic, partition) -> begin(asked.groupId(), topic, partition)))
                .build());
  }

  private PartitionErrorData begin(String group, Uuid topicId, PartitionStateData partition) {
    return outcome(
        partition.partition(),
        () -> {
          SharedAccess access = groups.read(group, topicId, configs.start(group));
          if (partition.startOffset() != PartitionFactory.UNINITIALIZED_START_OFFSET) {
            access.move(topicId, partition.partition(), partition.startOffset()).join();
          }
        });
  }

  @Override
  public CompletableFuture<DeleteShareGroupStateResult> deleteState(
      DeleteShareGroupStateParameters request) {
    GroupTopicPartitionData<PartitionIdData> asked = request.groupTopicPartitionData();
    return away(
        () ->
            new DeleteShareGroupStateResult.Builder()
                .setTopicsData(
                    each(
                        asked,
                        (topicId, partition) ->
                            outcome(
                                partition.partition(),
                                () -> groups.forget(asked.groupId(), topicId))))
                .build());
  }

  @Override
  public CompletableFuture<ReadShareGroupStateSummaryResult> readSummary(
      ReadShareGroupStateSummaryParameters request) {
    GroupTopicPartitionData<PartitionIdLeaderEpochData> asked = request.groupTopicPartitionData();
    return away(
        () ->
            new ReadShareGroupStateSummaryResult.Builder()
                .setTopicsData(
                    each(
                        asked,
                        (topicId, partition) ->
                            summary(asked.groupId(), topicId, partition.partition())))
                .build());
  }

  private PartitionStateSummaryData summary(String group, Uuid topicId, int partition) {
    Optional<SharedAccess> access = groups.find(group).filter(found -> found.reads(topicId));
    if (access.isEmpty()) {
      return summary(partition, PartitionFactory.UNINITIALIZED_START_OFFSET, -1, Errors.NONE);
    }
    try {
      Progress progress =
          access.get().progress(topicId, partition, configs.of(group).maxDeliveries());
      int settled = (int) Math.min(Integer.MAX_VALUE, progress.settledBeyond());
      return summary(partition, progress.start(), settled, Errors.NONE);
    } catch (RuntimeException e) {
      return summary(partition, PartitionFactory.UNINITIALIZED_START_OFFSET, -1, ErrorCodes.of(e));
    }
  }

  private static PartitionStateSummaryData summary(
      int partition, long start, int settled, Errors error) {
    return PartitionFactory.newPartitionStateSummaryData(
        partition,
        PartitionFactory.DEFAULT_STATE_EPOCH,
        start,
        settled,
        PartitionFactory.DEFAULT_LEADER_EPOCH,
        error.code(),
        error.message());
  }

  /** Only Kafka's own share partitions ask for it. */
  @Override
  public CompletableFuture<ReadShareGroupStateResult> readState(
      ReadShareGroupStateParameters request) {
    return CompletableFuture.failedFuture(kept());
  }

  /** Only Kafka's own share partitions ask for it. */
  @Override
  public CompletableFuture<WriteShareGroupStateResult> writeState(
      WriteShareGroupStateParameters request) {
    return CompletableFuture.failedFuture(kept());
  }

  private static UnsupportedVersionException kept() {
    return new UnsupportedVersionException("the state of records is kept by their subscription");
  }

  @Override
  public void stop() {
    // What it began ends by itself.
  }

  /** Off the coordinator's threads, which must not wait for the disk. */
  private static <T> CompletableFuture<T> away(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofVirtual().name("share-group-state").start(task));
  }

  /** What is done for one partition. */
  private interface PerPartition<P, R> {
    R apply(Uuid topicId, P partition);
  }

  private static <
          P extends org.apache.kafka.server.share.persister.PartitionInfoData,
          R extends org.apache.kafka.server.share.persister.PartitionInfoData>
      List<TopicData<R>> each(GroupTopicPartitionData<P> asked, PerPartition<P, R> action) {
    Function<TopicData<P>, TopicData<R>> perTopic =
        topic ->
            new TopicData<>(
                topic.topicId(),
                topic.partitions().stream()
                    .map(partition -> action.apply(topic.topicId(), partition))
                    .toList());
    return asked.topicsData().stream().map(perTopic).toList();
  }

  private static PartitionErrorData outcome(int partition, Runnable action) {
    Errors error = Errors.NONE;
    try {
      action.run();
    } catch (LimitExceededException e) {
      error = ErrorCodes.of(new PolicyViolationException(e.getMessage()));
    } catch (RuntimeException e) {
      error = ErrorCodes.of(e);
    }
    return PartitionFactory.newPartitionErrorData(partition, error.code(), error.message());
  }
}
