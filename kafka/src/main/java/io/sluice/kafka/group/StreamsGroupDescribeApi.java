package io.sluice.kafka.group;

import io.sluice.kafka.AuthorizedOperations;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** StreamsGroupDescribe, 0 (KIP-1071): streams groups with their topology, members and tasks. */
final class StreamsGroupDescribeApi extends CoordinatorApi<StreamsGroupDescribeRequest> {

  StreamsGroupDescribeApi(CoordinatorSource source) {
    super(ApiKeys.STREAMS_GROUP_DESCRIBE, StreamsGroupDescribeRequest.class, source);
  }

  @Override
  CompletableFuture<StreamsGroupDescribeResponse> answer(
      GroupCoordinator coordinator, RequestContext context, StreamsGroupDescribeRequest request) {
    return coordinator
        .streamsGroupDescribe(context, request.data().groupIds().stream().distinct().toList())
        .thenApply(
            groups ->
                new StreamsGroupDescribeResponse(
                    new StreamsGroupDescribeResponseData()
                        .setGroups(
                            AuthorizedOperations.ofGroups(
                                groups,
                                request.data().includeAuthorizedOperations(),
                                DescribedGroup::errorCode,
                                DescribedGroup::setAuthorizedOperations))));
  }
}
