package io.sluice.kafka.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * DescribeShareGroupOffsets, 0–1 (KIP-932): where share groups stand, in the topics asked for or in
 * all of theirs; from 1 on with what is still to be delivered (KIP-1226).
 */
final class DescribeShareGroupOffsetsApi extends CoordinatorApi<DescribeShareGroupOffsetsRequest> {

  DescribeShareGroupOffsetsApi(CoordinatorSource source) {
    super(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, DescribeShareGroupOffsetsRequest.class, source);
  }

  @Override
  CompletableFuture<DescribeShareGroupOffsetsResponse> answer(
      GroupCoordinator coordinator,
      RequestContext context,
      DescribeShareGroupOffsetsRequest request) {
    List<CompletableFuture<DescribeShareGroupOffsetsResponseGroup>> groups =
        request.groups().stream()
            .distinct()
            .map(group -> describe(coordinator, context, group))
            .toList();
    return CompletableFuture.allOf(groups.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                new DescribeShareGroupOffsetsResponse(
                    new DescribeShareGroupOffsetsResponseData()
                        .setGroups(groups.stream().map(CompletableFuture::join).toList())));
  }

  private static CompletableFuture<DescribeShareGroupOffsetsResponseGroup> describe(
      GroupCoordinator coordinator,
      RequestContext context,
      DescribeShareGroupOffsetsRequestGroup group) {
    CompletableFuture<DescribeShareGroupOffsetsResponseGroup> described;
    if (group.topics() == null) {
      described = coordinator.describeShareGroupAllOffsets(context, group);
    } else if (group.topics().isEmpty()) {
      described =
          CompletableFuture.completedFuture(
              new DescribeShareGroupOffsetsResponseGroup().setGroupId(group.groupId()));
    } else {
      described = coordinator.describeShareGroupOffsets(context, group);
    }
    return described.exceptionally(
        failure ->
            DescribeShareGroupOffsetsRequest.getErrorDescribedGroup(
                group.groupId(), Errors.forException(failure)));
  }
}
