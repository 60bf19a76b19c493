package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.BufferSupplier;

/** OffsetDelete (KIP-496): partitions that do not exist are refused one by one. */
final class OffsetDeleteApi implements KafkaApi {

  private final CoordinatorSource source;
  private final Topics topics;

  OffsetDeleteApi(CoordinatorSource source, Topics topics) {
    this.source = source;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_DELETE;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    OffsetDeleteRequestData asked = ((OffsetDeleteRequest) request).data();
    OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
    OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
    for (OffsetDeleteRequestTopic topic : asked.topics()) {
      OffsetDeleteRequestTopic existing = existingPartitions(topic, response);
      if (!existing.partitions().isEmpty()) {
        known.add(existing);
      }
    }
    // The coordinator is asked even about nothing: it says whether there is such a group.
    OffsetDeleteRequestData checked =
        new OffsetDeleteRequestData().setGroupId(asked.groupId()).setTopics(known);
    return response
        .merge(
            CoordinatorApi.await(
                source.get().deleteOffsets(context, checked, BufferSupplier.NO_CACHING)))
        .build();
  }

  private OffsetDeleteRequestTopic existingPartitions(
      OffsetDeleteRequestTopic asked, OffsetDeleteResponse.Builder response) {
    Optional<Topic> topic = topics.find(asked.name());
    OffsetDeleteRequestTopic existing = new OffsetDeleteRequestTopic().setName(asked.name());
    for (OffsetDeleteRequestPartition partition : asked.partitions()) {
      int index = partition.partitionIndex();
      if (topic.isPresent() && index >= 0 && index < topic.get().partitions()) {
        existing.partitions().add(partition);
      } else {
        response.addPartition(asked.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      }
    }
    return existing;
  }
}
