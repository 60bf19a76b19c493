package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** DeleteShareGroupOffsets, 0 (KIP-932): an empty share group forgets a topic. */
final class DeleteShareGroupOffsetsApi extends CoordinatorApi<DeleteShareGroupOffsetsRequest> {

  DeleteShareGroupOffsetsApi(CoordinatorSource source) {
    super(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, DeleteShareGroupOffsetsRequest.class, source);
  }

  @Override
  CompletableFuture<DeleteShareGroupOffsetsResponse> answer(
      GroupCoordinator coordinator,
      RequestContext context,
      DeleteShareGroupOffsetsRequest request) {
    return coordinator
        .deleteShareGroupOffsets(context, request.data())
        .thenApply(DeleteShareGroupOffsetsResponse::new);
  }
}
