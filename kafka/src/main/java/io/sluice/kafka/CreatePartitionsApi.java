package io.sluice.kafka;

import io.sluice.broker.Topics;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
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

  CreatePartitionsApi(Topics topics) {
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    CreatePartitionsRequest asked = (CreatePartitionsRequest) request;
    CreatePartitionsResponseData response = new CreatePartitionsResponseData();
    asked
        .data()
        .topics()
        .forEach(topic -> response.results().add(grow(topic, asked.data().validateOnly())));
    return new CreatePartitionsResponse(response);
  }

  private CreatePartitionsTopicResult grow(CreatePartitionsTopic asked, boolean validateOnly) {
    CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(asked.name());
    try {
      int present =
          topics
              .find(asked.name())
              .orElseThrow(() -> new UnknownTopicOrPartitionException("no topic " + asked.name()))
              .partitions();
      if (asked.assignments() != null && asked.assignments().size() != asked.count() - present) {
        throw new InvalidReplicaAssignmentException("an assignment for each new partition is due");
      }
      if (asked.count() <= present) {
        throw new InvalidPartitionsException(
            "Topic " + asked.name() + " has " + present + " partitions, not fewer than that");
      }
      if (!validateOnly) {
        topics.addPartitions(asked.name(), asked.count());
      }
      return result.setErrorCode(Errors.NONE.code());
    } catch (RuntimeException e) {
      return result.setErrorCode(ErrorCodes.of(e).code()).setErrorMessage(e.getMessage());
    }
  }
}
