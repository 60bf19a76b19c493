package io.sluice.kafka;

import io.sluice.broker.Topics;
import io.sluice.log.EpochEnd;
import io.sluice.log.PartitionLog;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * OffsetForLeaderEpoch, 2–4 (KIP-101, KIP-320): where an epoch ends, so that a client can truncate.
 */
final class OffsetForLeaderEpochApi implements KafkaApi {

  private final TopicResolver resolver;

  OffsetForLeaderEpochApi(Topics topics) {
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    ((OffsetsForLeaderEpochRequest) request)
        .data()
        .topics()
        .forEach(
            topic -> {
              OffsetForLeaderTopicResult answer =
                  new OffsetForLeaderTopicResult().setTopic(topic.topic());
              topic
                  .partitions()
                  .forEach(partition -> answer.partitions().add(find(topic.topic(), partition)));
              response.topics().add(answer);
            });
    return new OffsetsForLeaderEpochResponse(response);
  }

  private EpochEndOffset find(String topic, OffsetForLeaderPartition asked) {
    EpochEndOffset answer = new EpochEndOffset().setPartition(asked.partition());
    try {
      PartitionLog log =
          resolver.partition(resolver.topic(topic, Uuid.ZERO_UUID), asked.partition());
      TopicResolver.checkLeaderEpoch(log, asked.currentLeaderEpoch());
      EpochEnd end =
          log.endOffsetForEpoch(asked.leaderEpoch())
              .orElse(
                  new EpochEnd(
                      OffsetsForLeaderEpochResponse.UNDEFINED_EPOCH,
                      OffsetsForLeaderEpochResponse.UNDEFINED_EPOCH_OFFSET));
      return answer.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.endOffset());
    } catch (RuntimeException e) {
      return answer.setErrorCode(ErrorCodes.of(e).code());
    }
  }
}
