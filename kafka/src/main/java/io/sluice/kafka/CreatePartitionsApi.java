package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** CreatePartitions, 0–3 (KIP-195). */
final class CreatePartitionsApi implements KafkaApi {

  private final Topics topics;
  private final int nodeId;

  CreatePartitionsApi(Topics topics, Node node) {
    this.topics = topics;
    this.nodeId = node.id();
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    CreatePartitionsRequest asked = (CreatePartitionsRequest) request;
    CreatePartitionsResponseData response = new CreatePartitionsResponseData();
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    asked.data().topics().stream()
        .map(CreatePartitionsTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(repeated::add);
    repeated.forEach(name -> response.results().add(namedTwice(name)));
    asked.data().topics().stream()
        .filter(topic -> !repeated.contains(topic.name()))
        .forEach(topic -> response.results().add(grow(topic, asked.data().validateOnly())));
    return new CreatePartitionsResponse(response);
  }

  private static CreatePartitionsTopicResult namedTwice(String name) {
    return new CreatePartitionsTopicResult()
        .setName(name)
        .setErrorCode(Errors.INVALID_REQUEST.code())
        .setErrorMessage("topic " + name + " is named twice");
  }

  private CreatePartitionsTopicResult grow(CreatePartitionsTopic asked, boolean validateOnly) {
    CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(asked.name());
    try {
      check(
          asked,
          topics
              .find(asked.name())
              .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + asked.name())));
      if (!validateOnly) {
        topics.addPartitions(asked.name(), asked.count());
      }
      return result.setErrorCode(Errors.NONE.code());
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }

  private void check(CreatePartitionsTopic asked, Topic topic) {
    int present = topic.partitions();
    if (asked.count() <= present) {
      throw new InvalidPartitionsException(
          "Topic " + asked.name() + " has " + present + " partitions, not fewer than that");
    }
    if (topic.kind() != TopicKind.USER) {
      // The place of what is in it follows from its number of partitions.
      throw new InvalidTopicException("topic " + asked.name() + " belongs to the broker");
    }
    NewPartitionRules.checkNumber(asked.count() - present);
    if (asked.assignments() != null) {
      if (asked.assignments().size() != asked.count() - present) {
        throw new InvalidReplicaAssignmentException("an assignment for each new partition is due");
      }
      asked
          .assignments()
          .forEach(each -> NewPartitionRules.checkReplicas(each.brokerIds(), nodeId));
    }
  }
}
