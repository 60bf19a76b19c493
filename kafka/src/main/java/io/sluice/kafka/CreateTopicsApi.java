package io.sluice.kafka;

import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import io.sluice.kafka.config.ConfigSources;
import io.sluice.log.TopicConfigs;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * CreateTopics, 2–7. There is one node: a replication factor other than 1 (or -1, the default) is
 * refused, and so is an assignment to any other node.
 */
public final class CreateTopicsApi implements KafkaApi {

  private final Topics topics;
  private final int nodeId;

  /** For topics on that node. */
  public CreateTopicsApi(Topics topics, Node node) {
    this.topics = topics;
    this.nodeId = node.id();
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    CreateTopicsRequest asked = (CreateTopicsRequest) request;
    NewPartitionRules.checkNumber(
        asked.data().topics().stream().mapToLong(CreateTopicsApi::partitions).sum());
    CreateTopicsResponseData response = new CreateTopicsResponseData();
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    asked.data().topics().stream()
        .map(CreatableTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(repeated::add);
    for (CreatableTopic topic : asked.data().topics()) {
      if (response.topics().find(topic.name()) == null) {
        response
            .topics()
            .add(create(topic, asked.data().validateOnly(), repeated.contains(topic.name())));
      }
    }
    return new CreateTopicsResponse(response);
  }

  /** How many are asked for; a topic whose creator does not say is hardly one of many. */
  private static long partitions(CreatableTopic asked) {
    return asked.assignments().isEmpty()
        ? Math.max(1, asked.numPartitions())
        : asked.assignments().size();
  }

  private CreatableTopicResult create(CreatableTopic asked, boolean validateOnly, boolean twice) {
    try {
      if (twice) {
        throw new InvalidRequestException("topic " + asked.name() + " is named twice");
      }
      checkName(asked.name());
      NewTopic topic = topic(asked);
      if (validateOnly) {
        Topic valid = topics.validate(topic);
        return described(new CreatableTopicResult().setName(asked.name()), valid);
      }
      Topic created = topics.create(topic);
      return described(
          new CreatableTopicResult().setName(created.name()).setTopicId(created.id()), created);
    } catch (RuntimeException e) {
      return new CreatableTopicResult()
          .setName(asked.name())
          .setErrorCode(ErrorCodes.of(e).code())
          .setErrorMessage(e.getMessage());
    }
  }

  /** Of all that is wrong with a request, Kafka tells this first. */
  private void checkName(String name) {
    org.apache.kafka.common.internals.Topic.validate(name);
    if (topics.find(name).isPresent()) {
      throw new TopicExistsException("Topic '" + name + "' already exists.");
    }
  }

  private NewTopic topic(CreatableTopic asked) {
    int partitions = asked.numPartitions();
    if (!asked.assignments().isEmpty()) {
      if (asked.numPartitions() != -1 || asked.replicationFactor() != -1) {
        throw new InvalidRequestException(
            "both an assignment and a number of partitions or replicas are given");
      }
      checkAssignments(asked.assignments());
      partitions = asked.assignments().size();
    } else if (asked.replicationFactor() != 1 && asked.replicationFactor() != -1) {
      throw new InvalidReplicationFactorException(
          "Replication factor must be 1, there is one node; not " + asked.replicationFactor());
    }
    Map<String, String> configs = new HashMap<>();
    for (CreatableTopicConfig config : asked.configs()) {
      if (config.value() == null) {
        throw new InvalidConfigurationException("Null value not supported for " + config.name());
      }
      configs.put(config.name(), config.value());
    }
    return new NewTopic(asked.name(), TopicKind.USER, partitions, configs, Map.of());
  }

  private void checkAssignments(Collection<CreatableReplicaAssignment> assignments) {
    Set<Integer> indexes = new HashSet<>();
    for (CreatableReplicaAssignment assignment : assignments) {
      NewPartitionRules.checkReplicas(assignment.brokerIds(), nodeId);
      int index = assignment.partitionIndex();
      if (index < 0 || index >= assignments.size() || !indexes.add(index)) {
        throw new InvalidReplicaAssignmentException(
            "each of the partitions 0, 1, … must be assigned once, not " + index);
      }
    }
  }

  private CreatableTopicResult described(CreatableTopicResult result, Topic topic) {
    List<CreatableTopicConfigs> effective =
        TopicConfigs.describe(topics.layers(topic)).stream()
            .map(
                config ->
                    new CreatableTopicConfigs()
                        .setName(config.name())
                        .setValue(config.value())
                        .setConfigSource(ConfigSources.of(config).id()))
            .toList();
    return result
        .setNumPartitions(topic.partitions())
        .setReplicationFactor((short) 1)
        .setConfigs(effective);
  }
}
