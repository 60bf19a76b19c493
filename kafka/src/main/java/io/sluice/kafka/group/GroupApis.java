package io.sluice.kafka.group;

import io.sluice.broker.Topics;
import io.sluice.kafka.AuthorizedOperations;
import io.sluice.kafka.CreateTopicsApi;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** The table of the group APIs. */
final class GroupApis {

  private GroupApis() {}

  static List<KafkaApi> all(
      CoordinatorSource source, Topics topics, Node node, Transactions transactions) {
    return List.of(
        new FindCoordinatorApi(source, transactions, node),
        new OffsetCommitApi(source, topics),
        new OffsetFetchApi(source, topics),
        new OffsetDeleteApi(source, topics),
        new AddOffsetsToTxnApi(source, transactions),
        new TxnOffsetCommitApi(source, topics),
        new CoordinatorApi<>(
            ApiKeys.JOIN_GROUP, JoinGroupRequest.class, source, GroupApis::joinGroup),
        new CoordinatorApi<>(
            ApiKeys.SYNC_GROUP, SyncGroupRequest.class, source, GroupApis::syncGroup),
        new CoordinatorApi<>(
            ApiKeys.HEARTBEAT,
            HeartbeatRequest.class,
            source,
            (coordinator, context, request) ->
                coordinator.heartbeat(context, request.data()).thenApply(HeartbeatResponse::new)),
        new CoordinatorApi<>(
            ApiKeys.LEAVE_GROUP, LeaveGroupRequest.class, source, GroupApis::leaveGroup),
        new CoordinatorApi<>(
            ApiKeys.LIST_GROUPS,
            ListGroupsRequest.class,
            source,
            (coordinator, context, request) ->
                coordinator.listGroups(context, request.data()).thenApply(ListGroupsResponse::new)),
        new CoordinatorApi<>(
            ApiKeys.DESCRIBE_GROUPS,
            DescribeGroupsRequest.class,
            source,
            GroupApis::describeGroups),
        new CoordinatorApi<>(
            ApiKeys.DELETE_GROUPS, DeleteGroupsRequest.class, source, GroupApis::deleteGroups),
        new CoordinatorApi<>(
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            ConsumerGroupHeartbeatRequest.class,
            source,
            (coordinator, context, request) ->
                coordinator
                    .consumerGroupHeartbeat(context, request.data())
                    .thenApply(ConsumerGroupHeartbeatResponse::new)),
        new CoordinatorApi<>(
            ApiKeys.CONSUMER_GROUP_DESCRIBE,
            ConsumerGroupDescribeRequest.class,
            source,
            GroupApis::describeConsumerGroups),
        new StreamsGroupHeartbeatApi(source, new CreateTopicsApi(topics, node)),
        new CoordinatorApi<>(
            ApiKeys.STREAMS_GROUP_DESCRIBE,
            StreamsGroupDescribeRequest.class,
            source,
            GroupApis::describeStreamsGroups));
  }

  private static CompletableFuture<JoinGroupResponse> joinGroup(
      GroupCoordinator coordinator, RequestContext context, JoinGroupRequest request) {
    return coordinator
        .joinGroup(context, request.data(), BufferSupplier.NO_CACHING)
        .thenApply(data -> new JoinGroupResponse(data, context.apiVersion()));
  }

  private static CompletableFuture<SyncGroupResponse> syncGroup(
      GroupCoordinator coordinator, RequestContext context, SyncGroupRequest request) {
    if (!request.areMandatoryProtocolTypeAndNamePresent()) {
      throw new InconsistentGroupProtocolException("protocol type and name are mandatory");
    }
    return coordinator
        .syncGroup(context, request.data(), BufferSupplier.NO_CACHING)
        .thenApply(SyncGroupResponse::new);
  }

  private static CompletableFuture<LeaveGroupResponse> leaveGroup(
      GroupCoordinator coordinator, RequestContext context, LeaveGroupRequest request) {
    return coordinator
        .leaveGroup(context, request.normalizedData())
        .thenApply(data -> new LeaveGroupResponse(data, context.apiVersion()));
  }

  private static CompletableFuture<DescribeGroupsResponse> describeGroups(
      GroupCoordinator coordinator, RequestContext context, DescribeGroupsRequest request) {
    return coordinator
        .describeGroups(context, request.data().groups())
        .thenApply(
            groups -> {
              if (request.data().includeAuthorizedOperations()) {
                groups.stream()
                    .filter(group -> group.errorCode() == 0)
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new DescribeGroupsResponse(new DescribeGroupsResponseData().setGroups(groups));
            });
  }

  private static CompletableFuture<ConsumerGroupDescribeResponse> describeConsumerGroups(
      GroupCoordinator coordinator, RequestContext context, ConsumerGroupDescribeRequest request) {
    return coordinator
        .consumerGroupDescribe(context, request.data().groupIds())
        .thenApply(
            groups -> {
              if (request.data().includeAuthorizedOperations()) {
                groups.stream()
                    .filter(group -> group.errorCode() == 0)
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new ConsumerGroupDescribeResponse(
                  new ConsumerGroupDescribeResponseData().setGroups(groups));
            });
  }

  private static CompletableFuture<StreamsGroupDescribeResponse> describeStreamsGroups(
      GroupCoordinator coordinator, RequestContext context, StreamsGroupDescribeRequest request) {
    return coordinator
        .streamsGroupDescribe(context, request.data().groupIds())
        .thenApply(
            groups -> {
              if (request.data().includeAuthorizedOperations()) {
                groups.stream()
                    .filter(group -> group.errorCode() == 0)
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new StreamsGroupDescribeResponse(
                  new StreamsGroupDescribeResponseData().setGroups(groups));
            });
  }

  private static CompletableFuture<DeleteGroupsResponse> deleteGroups(
      GroupCoordinator coordinator, RequestContext context, DeleteGroupsRequest request) {
    List<String> distinct = request.data().groupsNames().stream().distinct().toList();
    return coordinator
        .deleteGroups(context, distinct, BufferSupplier.NO_CACHING)
        .thenApply(
            results ->
                new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results)));
  }
}
