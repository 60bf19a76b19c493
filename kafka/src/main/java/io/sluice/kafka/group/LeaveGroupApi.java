package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * LeaveGroup, 0–5: a member leaves, or from version 3 on an administrator has several leave
 * (KIP-345).
 */
final class LeaveGroupApi extends CoordinatorApi<LeaveGroupRequest> {

  LeaveGroupApi(CoordinatorSource source) {
    super(ApiKeys.LEAVE_GROUP, LeaveGroupRequest.class, source);
  }

  @Override
  CompletableFuture<LeaveGroupResponse> answer(
      GroupCoordinator coordinator, RequestContext context, LeaveGroupRequest request) {
    return coordinator
        .leaveGroup(context, request.normalizedData())
        .thenApply(data -> new LeaveGroupResponse(data, context.apiVersion()));
  }
}
