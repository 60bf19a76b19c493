package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** Heartbeat, 0–4: a member of the classic protocol is alive, and hears of a rebalance. */
final class HeartbeatApi extends CoordinatorApi<HeartbeatRequest> {

  HeartbeatApi(CoordinatorSource source) {
    super(ApiKeys.HEARTBEAT, HeartbeatRequest.class, source);
  }

  @Override
  CompletableFuture<HeartbeatResponse> answer(
      GroupCoordinator coordinator, RequestContext context, HeartbeatRequest request) {
    return coordinator.heartbeat(context, request.data()).thenApply(HeartbeatResponse::new);
  }
}
