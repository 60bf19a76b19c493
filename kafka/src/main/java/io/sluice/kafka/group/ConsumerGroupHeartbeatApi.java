package io.sluice.kafka.group;

import io.sluice.kafka.BoundedPattern;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * ConsumerGroupHeartbeat, 0–1 (KIP-848): a member of the consumer protocol joins, stays in and
 * leaves its group.
 */
final class ConsumerGroupHeartbeatApi extends CoordinatorApi<ConsumerGroupHeartbeatRequest> {

  ConsumerGroupHeartbeatApi(CoordinatorSource source) {
    super(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatRequest.class, source);
  }

  @Override
  CompletableFuture<ConsumerGroupHeartbeatResponse> answer(
      GroupCoordinator coordinator, RequestContext context, ConsumerGroupHeartbeatRequest request) {
    String regex = request.data().subscribedTopicRegex();
    if (regex != null) {
      BoundedPattern.check(regex);
    }
    return coordinator
        .consumerGroupHeartbeat(context, request.data())
        .thenApply(ConsumerGroupHeartbeatResponse::new);
  }
}
