package io.sluice.kafka.admin;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.Optional;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ElectLeaders, 0–2 (KIP-183, KIP-460): the one node leads every partition, so that no election is
 * ever needed.
 */
final class ElectLeadersApi implements KafkaApi {

  private final Topics topics;

  ElectLeadersApi(Topics topics) {
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ELECT_LEADERS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    ElectLeadersRequestData asked = ((ElectLeadersRequest) request).data();
    checkType(asked.electionType());
    ElectLeadersResponseData response = new ElectLeadersResponseData();
    if (asked.topicPartitions() == null) {
      // Of all partitions only those are named whose leader changes.
      topics
          .list()
          .forEach(
              topic ->
                  response
                      .replicaElectionResults()
                      .add(new ReplicaElectionResult().setTopic(topic.name())));
    } else {
      asked.topicPartitions().forEach(topic -> response.replicaElectionResults().add(elect(topic)));
    }
    return new ElectLeadersResponse(response);
  }

  private static void checkType(byte type) {
    try {
      ElectionType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("Unknown election type " + type, e);
    }
  }

  private ReplicaElectionResult elect(TopicPartitions asked) {
    ReplicaElectionResult result = new ReplicaElectionResult().setTopic(asked.topic());
    Optional<Topic> topic = topics.find(asked.topic());
    for (int partition : asked.partitions()) {
      ApiError error = elect(asked.topic(), topic, partition);
      result
          .partitionResult()
          .add(
              new PartitionResult()
                  .setPartitionId(partition)
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message()));
    }
    return result;
  }

  private static ApiError elect(String name, Optional<Topic> topic, int partition) {
    if (topic.isEmpty()) {
      return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such topic as " + name);
    }
    if (partition < 0 || partition >= topic.get().partitions()) {
      return new ApiError(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such partition as " + name + "-" + partition);
    }
    return new ApiError(Errors.ELECTION_NOT_NEEDED);
  }
}
