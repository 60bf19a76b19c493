package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * ShareGroupHeartbeat, 1 (KIP-932): a share consumer joins, stays in and leaves its group. What a
 * group begins to read without an offset of its own begins when its first member subscribes, not
 * with the first fetch, so that nothing in between is missed; and the partitions that a topic grows
 * are read from their beginning.
 */
final class ShareGroupHeartbeatApi extends CoordinatorApi<ShareGroupHeartbeatRequest> {

  /** As long as a UUID in its human form: whatever is longer is no member's id. */
  private static final int MAX_MEMBER_ID = 36;

  ShareGroupHeartbeatApi(CoordinatorSource source) {
    super(ApiKeys.SHARE_GROUP_HEARTBEAT, ShareGroupHeartbeatRequest.class, source);
  }

  @Override
  CompletableFuture<ShareGroupHeartbeatResponse> answer(
      GroupCoordinator coordinator, RequestContext context, ShareGroupHeartbeatRequest request) {
    String memberId = request.data().memberId();
    if (memberId.isEmpty() || memberId.length() > MAX_MEMBER_ID) {
      throw new InvalidRequestException("Invalid member id in the request.");
    }
    return coordinator
        .shareGroupHeartbeat(context, request.data())
        .thenApply(ShareGroupHeartbeatResponse::new);
  }
}
