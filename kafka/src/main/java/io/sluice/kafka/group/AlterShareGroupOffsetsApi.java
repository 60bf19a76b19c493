package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * AlterShareGroupOffsets, 0 (KIP-932): where an empty share group goes on; topics that do not exist
 * are refused one by one.
 */
final class AlterShareGroupOffsetsApi extends CoordinatorApi<AlterShareGroupOffsetsRequest> {

  private final Topics topics;

  AlterShareGroupOffsetsApi(CoordinatorSource source, Topics topics) {
    super(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, AlterShareGroupOffsetsRequest.class, source);
    this.topics = topics;
  }

  @Override
  CompletableFuture<AlterShareGroupOffsetsResponse> answer(
      GroupCoordinator coordinator, RequestContext context, AlterShareGroupOffsetsRequest request) {
    AlterShareGroupOffsetsResponse.Builder answer = new AlterShareGroupOffsetsResponse.Builder();
    AlterShareGroupOffsetsRequestTopicCollection known =
        new AlterShareGroupOffsetsRequestTopicCollection();
    Map<String, Uuid> ids = new HashMap<>();
    for (var topic : request.data().topics()) {
      Optional<Topic> found =
          topics
              .find(topic.topicName())
              .filter(candidate -> candidate.kind() != TopicKind.INTERNAL);
      if (found.isPresent()) {
        ids.put(topic.topicName(), found.get().id());
        known.add(topic.duplicate());
      } else {
        ApiError unknown = new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        topic
            .partitions()
            .forEach(
                partition ->
                    answer.addPartition(
                        topic.topicName(), partition.partitionIndex(), ids, unknown));
      }
    }
    AlterShareGroupOffsetsRequestData rest =
        new AlterShareGroupOffsetsRequestData()
            .setGroupId(request.data().groupId())
            .setTopics(known);
    return coordinator
        .alterShareGroupOffsets(context, request.data().groupId(), rest)
        .thenApply(
            altered ->
                altered.errorCode() == Errors.NONE.code()
                    ? answer.merge(altered, ids).build()
                    : request.getErrorResponse(0, altered.errorCode(), altered.errorMessage()));
  }
}
