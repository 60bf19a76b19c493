package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * SyncGroup, 0–5: a member of the classic protocol gets its assignment, and the leader gives them
 * all.
 */
final class SyncGroupApi extends CoordinatorApi<SyncGroupRequest> {

  SyncGroupApi(CoordinatorSource source) {
    super(ApiKeys.SYNC_GROUP, SyncGroupRequest.class, source);
  }

  @Override
  CompletableFuture<SyncGroupResponse> answer(
      GroupCoordinator coordinator, RequestContext context, SyncGroupRequest request) {
    if (!request.areMandatoryProtocolTypeAndNamePresent()) {
      throw new InconsistentGroupProtocolException("protocol type and name are mandatory");
    }
    return coordinator
        .syncGroup(context, request.data(), BufferSupplier.NO_CACHING)
        .thenApply(SyncGroupResponse::new);
  }
}
