package io.sluice.kafka.share;

import io.sluice.broker.ShareGroups;
import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.broker.subscription.SharedAccess;
import io.sluice.kafka.ErrorCodes;
import io.sluice.kafka.group.ShareGroupSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles what members have acquired. Immutable. */
record ShareAcknowledger(Topics topics, ShareGroups groups) {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareAcknowledger.class);

  /** How it went for one partition. */
  record Result(Errors error, @Nullable String message) {

    private static final Result DONE = new Result(Errors.NONE, null);

    private static Result failed(Throwable e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      return new Result(ErrorCodes.of(cause), cause.getMessage());
    }
  }

  /** Settles partition by partition; what is settled is durable on return. */
  Map<SharePartition, Result> acknowledge(
      ShareMember member,
      Map<SharePartition, List<Acknowledgement>> acknowledgements,
      boolean renews,
      ShareGroupSettings settings) {
    Map<SharePartition, CompletableFuture<Void>> begun = new LinkedHashMap<>();
    acknowledgements.forEach(
        (partition, given) ->
            begun.put(partition, begin(member, partition, given, renews, settings)));
    Map<SharePartition, Result> results = new LinkedHashMap<>();
    begun.forEach((partition, durable) -> results.put(partition, result(durable)));
    return results;
  }

  private CompletableFuture<Void> begin(
      ShareMember member,
      SharePartition partition,
      List<Acknowledgement> given,
      boolean renews,
      ShareGroupSettings settings) {
    if (given.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      Topic topic =
          topics
              .find(partition.topicId())
              .orElseThrow(() -> new UnknownTopicIdException("no topic " + partition.topicId()));
      SharedAccess access =
          groups
              .find(member.group())
              .orElseThrow(
                  () ->
                      new UnknownTopicOrPartitionException(
                          "group " + member.group() + " does not read topic " + topic.name()));
      return access.settle(
          partition.topicId(),
          partition.index(),
          member.owner(),
          Acknowledgement.settlements(given, renews, settings.renewable()),
          settings.recordLock(),
          settings.maxDeliveries());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Result result(CompletableFuture<Void> durable) {
    try {
      durable.join();
      return Result.DONE;
    } catch (RuntimeException e) {
      return Result.failed(e);
    }
  }

  /** Releases whatever the member of an ended session still holds of its partitions. */
  void release(ShareMember member, List<SharePartition> partitions, ShareGroupSettings settings) {
    Optional<SharedAccess> access = groups.find(member.group());
    for (SharePartition partition : partitions) {
      try {
        access.ifPresent(
            found ->
                found.release(
                    partition.topicId(),
                    partition.index(),
                    member.owner(),
                    settings.maxDeliveries()));
      } catch (ApiException e) {
        LOGGER.debug("{} of {} has nothing to release", partition, member, e);
      }
    }
  }
}
