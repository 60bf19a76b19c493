package io.sluice.kafka;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
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
    ((DeleteTopicsRequest) request)
        .topics()
        .forEach(topic -> response.responses().add(delete(topic)));
    return new DeleteTopicsResponse(response);
  }

  private DeletableTopicResult delete(DeleteTopicState asked) {
    DeletableTopicResult result =
        new DeletableTopicResult().setName(asked.name()).setTopicId(asked.topicId());
    try {
      boolean named = asked.name() != null;
      if (named == !asked.topicId().equals(Uuid.ZERO_UUID)) {
        throw new InvalidRequestException("exactly one of name and id must be given");
      }
      Topic topic = resolver.topic(named ? asked.name() : "", asked.topicId());
      topics.delete(topic.name());
      return result.setName(topic.name()).setTopicId(topic.id());
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }
}
