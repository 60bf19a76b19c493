package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.kafka.AuthorizedOperations;
import io.sluice.kafka.KafkaApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareGroupDescribeRequest;
import org.apache.kafka.common.requests.ShareGroupDescribeResponse;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * The APIs of share groups (KIP-932) that the coordinator answers: who is in a group, and where it
 * stands in its topics. What a group begins to read without an offset of its own begins when its
 * first member subscribes, not with the first fetch, so that nothing in between is missed; and the
 * partitions that a topic grows are read from their beginning.
 */
final class ShareGroupApis {

  /** As long as a UUID in its human form: whatever is longer is no member's id. */
  private static final int MAX_MEMBER_ID = 36;

  private ShareGroupApis() {}

  static List<KafkaApi> all(CoordinatorSource source, Topics topics) {
    return List.of(
        new CoordinatorApi<>(
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            ShareGroupHeartbeatRequest.class,
            source,
            ShareGroupApis::heartbeat),
        new CoordinatorApi<>(
            ApiKeys.SHARE_GROUP_DESCRIBE,
            ShareGroupDescribeRequest.class,
            source,
            ShareGroupApis::describe),
        new CoordinatorApi<>(
            ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
            DescribeShareGroupOffsetsRequest.class,
            source,
            ShareGroupApis::describeOffsets),
        new CoordinatorApi<>(
            ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
            AlterShareGroupOffsetsRequest.class,
            source,
            (coordinator, context, request) -> alterOffsets(coordinator, context, request, topics)),
        new CoordinatorApi<>(
            ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
            DeleteShareGroupOffsetsRequest.class,
            source,
            (coordinator, context, request) ->
                coordinator
                    .deleteShareGroupOffsets(context, request.data())
                    .thenApply(DeleteShareGroupOffsetsResponse::new)));
  }

  /**
   * Refuses what cannot be a member's id.
   *
   * @throws InvalidRequestException it cannot
   */
  static void checkMemberId(String memberId) {
    if (memberId.isEmpty() || memberId.length() > MAX_MEMBER_ID) {
      throw new InvalidRequestException("Invalid member id in the request.");
    }
  }

  private static CompletableFuture<ShareGroupHeartbeatResponse> heartbeat(
      GroupCoordinator coordinator, RequestContext context, ShareGroupHeartbeatRequest request) {
    checkMemberId(request.data().memberId());
    return coordinator
        .shareGroupHeartbeat(context, request.data())
        .thenApply(ShareGroupHeartbeatResponse::new);
  }

  private static CompletableFuture<ShareGroupDescribeResponse> describe(
      GroupCoordinator coordinator, RequestContext context, ShareGroupDescribeRequest request) {
    return coordinator
        .shareGroupDescribe(context, request.data().groupIds())
        .thenApply(
            groups -> {
              if (request.data().includeAuthorizedOperations()) {
                groups.stream()
                    .filter(group -> group.errorCode() == 0)
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new ShareGroupDescribeResponse(
                  new ShareGroupDescribeResponseData().setGroups(groups));
            });
  }

  private static CompletableFuture<DescribeShareGroupOffsetsResponse> describeOffsets(
      GroupCoordinator coordinator,
      RequestContext context,
      DescribeShareGroupOffsetsRequest request) {
    List<CompletableFuture<DescribeShareGroupOffsetsResponseGroup>> groups =
        request.groups().stream()
            .map(group -> describeOffsets(coordinator, context, group))
            .toList();
    return CompletableFuture.allOf(groups.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                new DescribeShareGroupOffsetsResponse(
                    new DescribeShareGroupOffsetsResponseData()
                        .setGroups(groups.stream().map(CompletableFuture::join).toList())));
  }

  private static CompletableFuture<DescribeShareGroupOffsetsResponseGroup> describeOffsets(
      GroupCoordinator coordinator,
      RequestContext context,
      DescribeShareGroupOffsetsRequestGroup group) {
    CompletableFuture<DescribeShareGroupOffsetsResponseGroup> described;
    if (group.topics() == null) {
      described = coordinator.describeShareGroupAllOffsets(context, group);
    } else if (group.topics().isEmpty()) {
      described =
          CompletableFuture.completedFuture(
              new DescribeShareGroupOffsetsResponseGroup().setGroupId(group.groupId()));
    } else {
      described = coordinator.describeShareGroupOffsets(context, group);
    }
    return described.exceptionally(
        failure ->
            DescribeShareGroupOffsetsRequest.getErrorDescribedGroup(
                group.groupId(), Errors.forException(failure)));
  }

  private static CompletableFuture<AlterShareGroupOffsetsResponse> alterOffsets(
      GroupCoordinator coordinator,
      RequestContext context,
      AlterShareGroupOffsetsRequest request,
      Topics topics) {
    AlterShareGroupOffsetsResponse.Builder answer = new AlterShareGroupOffsetsResponse.Builder();
    AlterShareGroupOffsetsRequestTopicCollection known =
        new AlterShareGroupOffsetsRequestTopicCollection();
    Map<String, Uuid> ids = new HashMap<>();
    for (var topic : request.data().topics()) {
      Optional<Topic> found =
          topics
              .find(topic.topicName())
              .filter(candidate -> candidate.kind() != TopicKind.INTERNAL);
      if (found.isPresent()) {
        ids.put(topic.topicName(), found.get().id());
        known.add(topic.duplicate());
      } else {
        ApiError unknown = new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        topic
            .partitions()
            .forEach(
                partition ->
                    answer.addPartition(
                        topic.topicName(), partition.partitionIndex(), ids, unknown));
      }
    }
    AlterShareGroupOffsetsRequestData rest =
        new AlterShareGroupOffsetsRequestData()
            .setGroupId(request.data().groupId())
            .setTopics(known);
    return coordinator
        .alterShareGroupOffsets(context, request.data().groupId(), rest)
        .thenApply(
            altered ->
                altered.errorCode() == Errors.NONE.code()
                    ? answer.merge(altered, ids).build()
                    : request.getErrorResponse(0, altered.errorCode(), altered.errorMessage()));
  }
}
