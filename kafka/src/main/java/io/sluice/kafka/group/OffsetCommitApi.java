package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * OffsetCommit, with topics by name or, from version 10 on, by id (KIP-848). Partitions that do not
 * exist are refused one by one; the coordinator decides on the others. It always hears the topic's
 * id, so that an offset is never taken for one of a later topic of that name.
 */
final class OffsetCommitApi implements KafkaApi {

  private final CoordinatorSource source;
  private final Topics topics;

  OffsetCommitApi(CoordinatorSource source, Topics topics) {
    this.source = source;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_COMMIT;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    OffsetCommitRequestData asked = ((OffsetCommitRequest) request).data();
    boolean byId = OffsetCommitResponse.useTopicIds(context.apiVersion());
    OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
    List<OffsetCommitRequestTopic> known = new ArrayList<>();
    for (OffsetCommitRequestTopic topic : asked.topics()) {
      Optional<Topic> found = byId ? topics.find(topic.topicId()) : topics.find(topic.name());
      if (found.isEmpty()) {
        response.addPartitions(
            topic.topicId(),
            topic.name(),
            topic.partitions(),
            OffsetCommitRequestPartition::partitionIndex,
            byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
      } else {
        OffsetCommitRequestTopic existing = existingPartitions(topic, found.get(), response);
        if (!existing.partitions().isEmpty()) {
          known.add(existing);
        }
      }
    }
    if (known.isEmpty()) {
      return response.build();
    }
    OffsetCommitRequestData checked = asked.duplicate().setTopics(known);
    return response
        .merge(
            CoordinatorApi.await(
                source.get().commitOffsets(context, checked, BufferSupplier.NO_CACHING)))
        .build();
  }

  private static OffsetCommitRequestTopic existingPartitions(
      OffsetCommitRequestTopic asked, Topic topic, OffsetCommitResponse.Builder response) {
    OffsetCommitRequestTopic existing =
        new OffsetCommitRequestTopic().setTopicId(topic.id()).setName(topic.name());
    for (OffsetCommitRequestPartition partition : asked.partitions()) {
      int index = partition.partitionIndex();
      if (index >= 0 && index < topic.partitions()) {
        existing.partitions().add(partition);
      } else {
        response.addPartition(
            asked.topicId(), topic.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      }
    }
    return existing;
  }
}
