package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DeleteTopics, 1–6: by name, from 6 on also by id. */
final class DeleteTopicsApi implements KafkaApi {

  private final Topics topics;
  private final TopicResolver resolver;

  DeleteTopicsApi(Topics topics) {
    this.topics = topics;
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_TOPICS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    Set<DeleteTopicState> once = new LinkedHashSet<>();
    Set<DeleteTopicState> repeated = new HashSet<>();
    for (DeleteTopicState asked : ((DeleteTopicsRequest) request).topics()) {
      if (!once.add(asked)) {
        repeated.add(asked);
      }
    }
    // A name and an id may still mean the same topic.
    Map<Topic, Boolean> found = new LinkedHashMap<>();
    for (DeleteTopicState asked : once) {
      try {
        found.merge(find(asked, repeated.contains(asked)), true, (first, second) -> false);
      } catch (RuntimeException e) {
        response.responses().add(failed(e).setName(asked.name()).setTopicId(asked.topicId()));
      }
    }
    found.forEach((topic, alone) -> response.responses().add(delete(topic, alone)));
    return new DeleteTopicsResponse(response);
  }

  private Topic find(DeleteTopicState asked, boolean repeated) {
    boolean named = asked.name() != null;
    if (named == !asked.topicId().equals(Uuid.ZERO_UUID)) {
      throw new InvalidRequestException("exactly one of name and id must be given");
    }
    if (repeated) {
      throw new InvalidRequestException("a topic is named twice");
    }
    return resolver.topic(named ? asked.name() : "", asked.topicId());
  }

  private DeletableTopicResult delete(Topic topic, boolean alone) {
    DeletableTopicResult result = new DeletableTopicResult();
    try {
      if (!alone) {
        throw new InvalidRequestException("topic " + topic.name() + " is given by name and by id");
      }
      topics.delete(topic.name());
    } catch (RuntimeException e) {
      result = failed(e);
    }
    return result.setName(topic.name()).setTopicId(topic.id());
  }

  private static DeletableTopicResult failed(RuntimeException e) {
    return new DeletableTopicResult()
        .setErrorCode(ErrorCodes.of(e).code())
        .setErrorMessage(e.getMessage());
  }
}
