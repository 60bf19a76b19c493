package io.sluice.kafka.group;

import io.sluice.kafka.AuthorizedOperations;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareGroupDescribeRequest;
import org.apache.kafka.common.requests.ShareGroupDescribeResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** ShareGroupDescribe, 1 (KIP-932): share groups with their members. */
final class ShareGroupDescribeApi extends CoordinatorApi<ShareGroupDescribeRequest> {

  ShareGroupDescribeApi(CoordinatorSource source) {
    super(ApiKeys.SHARE_GROUP_DESCRIBE, ShareGroupDescribeRequest.class, source);
  }

  @Override
  CompletableFuture<ShareGroupDescribeResponse> answer(
      GroupCoordinator coordinator, RequestContext context, ShareGroupDescribeRequest request) {
    return coordinator
        .shareGroupDescribe(context, request.data().groupIds().stream().distinct().toList())
        .thenApply(
            groups ->
                new ShareGroupDescribeResponse(
                    new ShareGroupDescribeResponseData()
                        .setGroups(
                            AuthorizedOperations.ofGroups(
                                groups,
                                request.data().includeAuthorizedOperations(),
                                DescribedGroup::errorCode,
                                DescribedGroup::setAuthorizedOperations))));
  }
}
