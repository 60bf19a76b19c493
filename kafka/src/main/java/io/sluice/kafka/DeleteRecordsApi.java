package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DeleteRecords, 0–2 (KIP-107); offset -1 means everything up to the high watermark. */
final class DeleteRecordsApi implements KafkaApi {

  private final Topics topics;
  private final TopicResolver resolver;

  DeleteRecordsApi(Topics topics) {
    this.topics = topics;
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
    ((DeleteRecordsRequest) request)
        .data()
        .topics()
        .forEach(
            topic -> {
              DeleteRecordsTopicResult answer =
                  new DeleteRecordsTopicResult().setName(topic.name());
              topic
                  .partitions()
                  .forEach(partition -> answer.partitions().add(delete(topic.name(), partition)));
              response.topics().add(answer);
            });
    return new DeleteRecordsResponse(response);
  }

  private DeleteRecordsPartitionResult delete(String topic, DeleteRecordsPartition asked) {
    DeleteRecordsPartitionResult result =
        new DeleteRecordsPartitionResult().setPartitionIndex(asked.partitionIndex());
    try {
      Topic found = resolver.topic(topic, Uuid.ZERO_UUID);
      PartitionLog log = resolver.partition(found, asked.partitionIndex());
      check(found);
      if (asked.offset() < DeleteRecordsRequest.HIGH_WATERMARK) {
        throw new OffsetOutOfRangeException("offset " + asked.offset() + " cannot be");
      }
      long offset =
          asked.offset() == DeleteRecordsRequest.HIGH_WATERMARK
              ? log.highWatermark()
              : asked.offset();
      return result.setLowWatermark(log.deleteRecordsBefore(offset));
    } catch (RuntimeException e) {
      return result
          .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
          .setErrorCode(ErrorCodes.of(e).code());
    }
  }

  /** Where only newer records replace older ones, none are deleted for any other reason. */
  private void check(Topic topic) {
    if (topic.kind() == TopicKind.INTERNAL) {
      throw new InvalidTopicException("topic " + topic.name() + " is internal");
    }
    List<String> policies =
        List.of(
            topics
                .layers(topic)
                .effective(TopicConfig.CLEANUP_POLICY_CONFIG)
                .orElse("")
                .split(","));
    if (policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
        && !policies.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
      throw new PolicyViolationException("topic " + topic.name() + " is compacted only");
    }
  }
}
