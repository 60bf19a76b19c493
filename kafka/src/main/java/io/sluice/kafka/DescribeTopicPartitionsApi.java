package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.Topics;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * DescribeTopicPartitions, 0 (KIP-966): topics in the order of their names, at most so many
 * partitions at a time, and a cursor to go on from.
 */
final class DescribeTopicPartitionsApi implements KafkaApi {

  /** Kafka's {@code max.request.partition.size.limit}. */
  private static final int MAX_PARTITIONS = 2_000;

  private final Topics topics;
  private final List<Integer> onlyNode;
  private final int nodeId;

  DescribeTopicPartitionsApi(Topics topics, Node node) {
    this.topics = topics;
    this.onlyNode = List.of(node.id());
    this.nodeId = node.id();
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeTopicPartitionsRequestData asked = ((DescribeTopicPartitionsRequest) request).data();
    String firstTopic = asked.cursor() == null ? "" : asked.cursor().topicName();
    int firstPartition = asked.cursor() == null ? 0 : asked.cursor().partitionIndex();
    if (firstPartition < 0) {
      throw new InvalidRequestException("a cursor at partition " + firstPartition);
    }
    boolean all = asked.topics().isEmpty();
    if (!all
        && asked.cursor() != null
        && asked.topics().stream().noneMatch(topic -> topic.name().equals(firstTopic))) {
      throw new InvalidRequestException("topic " + firstTopic + " of the cursor is not asked for");
    }
    List<String> names =
        (all
                ? topics.list().stream().map(Topic::name)
                : asked.topics().stream().map(TopicRequest::name))
            .distinct()
            .filter(name -> name.compareTo(firstTopic) >= 0)
            .sorted()
            .toList();
    DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    int left = Math.clamp(asked.responsePartitionLimit(), 1, MAX_PARTITIONS);
    for (String name : names) {
      int from = name.equals(firstTopic) ? firstPartition : 0;
      if (left == 0) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
        break;
      }
      Optional<Topic> topic = topics.find(name);
      int to = topic.map(Topic::partitions).orElse(from);
      int until = Math.min(to, from + left);
      response.topics().add(describe(name, topic, from, until));
      left -= Math.max(0, until - from);
      if (until < to) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(until));
        break;
      }
    }
    return new DescribeTopicPartitionsResponse(response);
  }

  private DescribeTopicPartitionsResponseTopic describe(
      String name, Optional<Topic> found, int from, int until) {
    DescribeTopicPartitionsResponseTopic described =
        new DescribeTopicPartitionsResponseTopic().setName(name);
    described.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
    if (found.isEmpty()) {
      return described.setErrorCode(missing(name).code());
    }
    described.setTopicId(found.get().id()).setIsInternal(found.get().kind() == TopicKind.INTERNAL);
    for (int i = from; i < until; i++) {
      described
          .partitions()
          .add(
              new DescribeTopicPartitionsResponsePartition()
                  .setPartitionIndex(i)
                  .setLeaderId(nodeId)
                  .setLeaderEpoch(0)
                  .setReplicaNodes(onlyNode)
                  .setIsrNodes(onlyNode)
                  .setEligibleLeaderReplicas(List.of())
                  .setLastKnownElr(List.of()));
    }
    return described;
  }

  private static Errors missing(String name) {
    try {
      org.apache.kafka.common.internals.Topic.validate(name);
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    } catch (InvalidTopicException e) {
      return Errors.INVALID_TOPIC_EXCEPTION;
    }
  }
}
