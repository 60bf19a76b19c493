package io.sluice.kafka.admin;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.ErrorCodes;
import io.sluice.kafka.KafkaApi;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterPartitionReassignments, 0–1 (KIP-455): a partition can only be assigned to the one node,
 * where it is; there is never a reassignment to cancel.
 */
final class AlterPartitionReassignmentsApi implements KafkaApi {

  private final Topics topics;
  private final int nodeId;

  AlterPartitionReassignmentsApi(Topics topics, int nodeId) {
    this.topics = topics;
    this.nodeId = nodeId;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    AlterPartitionReassignmentsRequestData asked =
        ((AlterPartitionReassignmentsRequest) request).data();
    AlterPartitionReassignmentsResponseData response =
        new AlterPartitionReassignmentsResponseData()
            .setAllowReplicationFactorChange(asked.allowReplicationFactorChange());
    for (ReassignableTopic topic : asked.topics()) {
      ReassignableTopicResponse result = new ReassignableTopicResponse().setName(topic.name());
      topic
          .partitions()
          .forEach(partition -> result.partitions().add(reassign(topic.name(), partition)));
      response.responses().add(result);
    }
    return new AlterPartitionReassignmentsResponse(response);
  }

  private ReassignablePartitionResponse reassign(String topic, ReassignablePartition asked) {
    ReassignablePartitionResponse response =
        new ReassignablePartitionResponse().setPartitionIndex(asked.partitionIndex());
    try {
      check(topic, asked);
      return response;
    } catch (RuntimeException e) {
      return response.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private void check(String name, ReassignablePartition asked) {
    Topic topic =
        topics
            .find(name)
            .orElseThrow(
                () ->
                    new UnknownTopicOrPartitionException(
                        "Unable to find a topic named " + name + "."));
    if (asked.partitionIndex() < 0 || asked.partitionIndex() >= topic.partitions()) {
      throw new UnknownTopicOrPartitionException(
          "Unable to find partition " + name + ":" + asked.partitionIndex() + ".");
    }
    List<Integer> replicas = asked.replicas();
    if (replicas == null) {
      throw new NoReassignmentInProgressException(Errors.NO_REASSIGNMENT_IN_PROGRESS.message());
    }
    if (replicas.isEmpty()) {
      throw new InvalidReplicaAssignmentException(
          "The manual partition assignment includes an empty replica list.");
    }
    Set<Integer> seen = new HashSet<>();
    for (int replica : replicas.stream().sorted().toList()) {
      if (replica != nodeId) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes broker "
                + replica
                + ", but no such broker is registered.");
      }
      if (!seen.add(replica)) {
        throw new InvalidReplicaAssignmentException(
            "The manual partition assignment includes the broker " + replica + " more than once.");
      }
    }
  }
}
