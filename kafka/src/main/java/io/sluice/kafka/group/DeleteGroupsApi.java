package io.sluice.kafka.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * DeleteGroups, 0–2: groups of any type that have no members, with their offsets. A group that is
 * named twice is deleted once.
 */
final class DeleteGroupsApi extends CoordinatorApi<DeleteGroupsRequest> {

  DeleteGroupsApi(CoordinatorSource source) {
    super(ApiKeys.DELETE_GROUPS, DeleteGroupsRequest.class, source);
  }

  @Override
  CompletableFuture<DeleteGroupsResponse> answer(
      GroupCoordinator coordinator, RequestContext context, DeleteGroupsRequest request) {
    List<String> distinct = request.data().groupsNames().stream().distinct().toList();
    return coordinator
        .deleteGroups(context, distinct, BufferSupplier.NO_CACHING)
        .thenApply(
            results ->
                new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results)));
  }
}
