package io.sluice.kafka;

import io.sluice.broker.Broker;
import io.sluice.broker.NewTopic;
import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Metadata, 0–13: this one node, and topics by name or id. A missing topic is created when the
 * broker and the request allow it.
 */
final class MetadataApi implements KafkaApi {

  /** The first version whose requests may name topics by id; their schema has them earlier. */
  private static final short TOPIC_IDS = 12;

  private final Broker broker;
  private final Topics topics;
  private final Node node;

  MetadataApi(Broker broker, Node node) {
    this.broker = broker;
    this.topics = broker.topics();
    this.node = node;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.METADATA;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    MetadataRequest asked = (MetadataRequest) request;
    MetadataResponseData response =
        new MetadataResponseData().setClusterId(broker.clusterId()).setControllerId(node.id());
    response
        .brokers()
        .add(
            new MetadataResponseBroker()
                .setNodeId(node.id())
                .setHost(node.host())
                .setPort(node.port()));
    if (asked.isAllTopics()) {
      topics.list().forEach(topic -> response.topics().add(describe(topic)));
    } else {
      asked.data().topics().forEach(topic -> check(topic, context.apiVersion()));
      boolean create = broker.options().autoCreateTopics() && asked.allowAutoTopicCreation();
      asked.data().topics().stream()
          .map(MetadataApi::identified)
          .distinct()
          .forEach(topic -> response.topics().add(find(topic, create)));
    }
    if (asked.data().includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
    }
    if (asked.data().includeTopicAuthorizedOperations()) {
      response.topics().stream()
          .filter(topic -> topic.errorCode() != Errors.UNKNOWN_TOPIC_ID.code())
          .forEach(topic -> topic.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC));
    }
    return new MetadataResponse(response, context.apiVersion());
  }

  private static void check(MetadataRequestTopic asked, short version) {
    boolean identified = !asked.topicId().equals(Uuid.ZERO_UUID);
    if (identified && version < TOPIC_IDS) {
      throw new InvalidRequestException("topic ids are not supported in version " + version);
    }
    if (asked.name() == null && !identified) {
      throw new InvalidRequestException("a topic has neither a name nor an id");
    }
  }

  /** What has an id needs no name. */
  private static MetadataRequestTopic identified(MetadataRequestTopic asked) {
    return asked.topicId().equals(Uuid.ZERO_UUID)
        ? asked
        : new MetadataRequestTopic().setTopicId(asked.topicId()).setName(null);
  }

  private MetadataResponseTopic find(MetadataRequestTopic asked, boolean create) {
    if (!asked.topicId().equals(Uuid.ZERO_UUID)) {
      return topics
          .find(asked.topicId())
          .map(this::describe)
          .orElseGet(
              () ->
                  new MetadataResponseTopic()
                      .setName(null)
                      .setTopicId(asked.topicId())
                      .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
    }
    Optional<Topic> found = topics.find(asked.name());
    if (found.isPresent()) {
      return describe(found.get());
    }
    try {
      if (create && !org.apache.kafka.common.internals.Topic.isInternal(asked.name())) {
        return describe(create(asked.name()));
      }
      org.apache.kafka.common.internals.Topic.validate(asked.name());
      return missing(asked.name(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
    } catch (RuntimeException e) {
      return missing(asked.name(), ErrorCodes.of(e));
    }
  }

  private Topic create(String name) {
    try {
      return topics.create(NewTopic.named(name));
    } catch (TopicExistsException e) {
      // Another client was quicker.
      return topics.find(name).orElseThrow(() -> e);
    }
  }

  private static MetadataResponseTopic missing(String name, Errors error) {
    return new MetadataResponseTopic()
        .setName(name)
        .setIsInternal(org.apache.kafka.common.internals.Topic.isInternal(name))
        .setErrorCode(error.code());
  }

  private MetadataResponseTopic describe(Topic topic) {
    MetadataResponseTopic described =
        new MetadataResponseTopic()
            .setName(topic.name())
            .setTopicId(topic.id())
            .setIsInternal(topic.kind() == TopicKind.INTERNAL);
    List<Integer> onlyNode = List.of(node.id());
    for (int i = 0; i < topic.partitions(); i++) {
      described
          .partitions()
          .add(
              new MetadataResponsePartition()
                  .setPartitionIndex(i)
                  .setLeaderId(node.id())
                  .setLeaderEpoch(0)
                  .setReplicaNodes(onlyNode)
                  .setIsrNodes(onlyNode));
    }
    return described;
  }
}
