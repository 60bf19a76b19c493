package io.sluice.kafka.group;

import io.sluice.kafka.AuthorizedOperations;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * DescribeGroups, 0–6: groups of the classic protocol. There is no authorizer: everybody may do
 * everything.
 */
final class DescribeGroupsApi extends CoordinatorApi<DescribeGroupsRequest> {

  DescribeGroupsApi(CoordinatorSource source) {
    super(ApiKeys.DESCRIBE_GROUPS, DescribeGroupsRequest.class, source);
  }

  @Override
  CompletableFuture<DescribeGroupsResponse> answer(
      GroupCoordinator coordinator, RequestContext context, DescribeGroupsRequest request) {
    return coordinator
        .describeGroups(context, request.data().groups().stream().distinct().toList())
        .thenApply(
            groups ->
                new DescribeGroupsResponse(
                    new DescribeGroupsResponseData()
                        .setGroups(
                            AuthorizedOperations.ofGroups(
                                groups,
                                request.data().includeAuthorizedOperations(),
                                DescribedGroup::errorCode,
                                DescribedGroup::setAuthorizedOperations))));
  }
}
