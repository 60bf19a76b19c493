package io.sluice.kafka.group;

import io.sluice.kafka.AuthorizedOperations;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * ConsumerGroupDescribe, 0–1 (KIP-848): groups of the consumer protocol with members, assignments
 * and epochs.
 */
final class ConsumerGroupDescribeApi extends CoordinatorApi<ConsumerGroupDescribeRequest> {

  ConsumerGroupDescribeApi(CoordinatorSource source) {
    super(ApiKeys.CONSUMER_GROUP_DESCRIBE, ConsumerGroupDescribeRequest.class, source);
  }

  @Override
  CompletableFuture<ConsumerGroupDescribeResponse> answer(
      GroupCoordinator coordinator, RequestContext context, ConsumerGroupDescribeRequest request) {
    return coordinator
        .consumerGroupDescribe(context, request.data().groupIds().stream().distinct().toList())
        .thenApply(
            groups ->
                new ConsumerGroupDescribeResponse(
                    new ConsumerGroupDescribeResponseData()
                        .setGroups(
                            AuthorizedOperations.ofGroups(
                                groups,
                                request.data().includeAuthorizedOperations(),
                                DescribedGroup::errorCode,
                                DescribedGroup::setAuthorizedOperations))));
  }
}
