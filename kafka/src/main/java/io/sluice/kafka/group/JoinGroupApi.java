package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** JoinGroup, 0–9: a member joins a group of the classic protocol, and waits for the others. */
final class JoinGroupApi extends CoordinatorApi<JoinGroupRequest> {

  JoinGroupApi(CoordinatorSource source) {
    super(ApiKeys.JOIN_GROUP, JoinGroupRequest.class, source);
  }

  @Override
  CompletableFuture<JoinGroupResponse> answer(
      GroupCoordinator coordinator, RequestContext context, JoinGroupRequest request) {
    return coordinator
        .joinGroup(context, request.data(), BufferSupplier.NO_CACHING)
        .thenApply(data -> new JoinGroupResponse(data, context.apiVersion()));
  }
}
