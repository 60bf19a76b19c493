package io.sluice.kafka.group;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * ListGroups, 0–5: every group of every type, by state from version 4 on (KIP-518) and by type from
 * 5 on (KIP-848).
 */
final class ListGroupsApi extends CoordinatorApi<ListGroupsRequest> {

  ListGroupsApi(CoordinatorSource source) {
    super(ApiKeys.LIST_GROUPS, ListGroupsRequest.class, source);
  }

  @Override
  CompletableFuture<ListGroupsResponse> answer(
      GroupCoordinator coordinator, RequestContext context, ListGroupsRequest request) {
    return coordinator.listGroups(context, request.data()).thenApply(ListGroupsResponse::new);
  }
}
