package io.sluice.kafka;

import io.sluice.broker.Topics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeProducers, 0 (KIP-664): who has written to a partition with a producer id lately. */
final class DescribeProducersApi implements KafkaApi {

  private final TopicResolver resolver;

  DescribeProducersApi(Topics topics) {
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_PRODUCERS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeProducersResponseData response = new DescribeProducersResponseData();
    Map<String, Set<Integer>> asked = new LinkedHashMap<>();
    for (TopicRequest topic : ((DescribeProducersRequest) request).data().topics()) {
      asked
          .computeIfAbsent(topic.name(), name -> new LinkedHashSet<>())
          .addAll(topic.partitionIndexes());
    }
    asked.forEach(
        (topic, indexes) ->
            response
                .topics()
                .add(
                    new TopicResponse()
                        .setName(topic)
                        .setPartitions(
                            indexes.stream().map(index -> partition(topic, index)).toList())));
    return new DescribeProducersResponse(response);
  }

  private PartitionResponse partition(String topic, int index) {
    PartitionResponse answer = new PartitionResponse().setPartitionIndex(index);
    try {
      Topic.validate(topic);
      return answer.setActiveProducers(
          resolver.partition(resolver.topic(topic, Uuid.ZERO_UUID), index).activeProducers());
    } catch (ApiException e) {
      return answer.setErrorCode(Errors.forException(e).code()).setErrorMessage(e.getMessage());
    }
  }
}
