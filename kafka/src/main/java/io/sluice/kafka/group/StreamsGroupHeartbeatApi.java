package io.sluice.kafka.group;

import io.sluice.kafka.KafkaApi;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;

/**
 * StreamsGroupHeartbeat, 0 (KIP-1071): a Kafka Streams client joins, stays in and leaves its group.
 * The changelog and repartition topics that the group lacks are created before the answer, in place
 * of beside it, so what prevents that is in the first answer already.
 */
final class StreamsGroupHeartbeatApi implements KafkaApi {

  /** As in Kafka, so that an answer stays short. */
  private static final int MAX_FAILURES_TOLD = 3;

  private final CoordinatorSource source;
  private final KafkaApi createTopics;

  StreamsGroupHeartbeatApi(CoordinatorSource source, KafkaApi createTopics) {
    this.source = source;
    this.createTopics = createTopics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.STREAMS_GROUP_HEARTBEAT;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    StreamsGroupHeartbeatRequest asked = (StreamsGroupHeartbeatRequest) request;
    Topology topology = asked.data().topology();
    Optional<String> fault = topology == null ? Optional.empty() : fault(topology);
    if (fault.isPresent()) {
      return new StreamsGroupHeartbeatResponse(
          new StreamsGroupHeartbeatResponseData()
              .setErrorCode(Errors.STREAMS_INVALID_TOPOLOGY.code())
              .setErrorMessage(fault.get()));
    }
    StreamsGroupHeartbeatResult result =
        CoordinatorApi.await(source.get().streamsGroupHeartbeat(context, asked.data()));
    if (!result.creatableTopics().isEmpty()) {
      List<String> failures = create(context, result.creatableTopics().values());
      missingTopics(result.data()).ifPresent(status -> tell(status, failures));
    }
    return new StreamsGroupHeartbeatResponse(result.data());
  }

  /** What is wrong with the names of its topics. */
  private static Optional<String> fault(Topology topology) {
    return fault(
            topology,
            Topic::isInternal,
            "Use of Kafka internal topics %s in a Kafka Streams topology is prohibited.")
        .or(
            () ->
                fault(
                    topology,
                    name -> !Topic.isValid(name),
                    "Topic names %s are not valid topic names."));
  }

  private static Optional<String> fault(
      Topology topology, Predicate<String> wrong, String message) {
    String names =
        topology.subtopologies().stream()
            .flatMap(StreamsGroupHeartbeatApi::topics)
            .distinct()
            .filter(wrong)
            .collect(Collectors.joining(","));
    return names.isEmpty() ? Optional.empty() : Optional.of(message.formatted(names));
  }

  private static Stream<String> topics(Subtopology subtopology) {
    return Stream.of(
            subtopology.sourceTopics().stream(),
            subtopology.repartitionSinkTopics().stream(),
            subtopology.repartitionSourceTopics().stream().map(topic -> topic.name()),
            subtopology.stateChangelogTopics().stream().map(topic -> topic.name()))
        .flatMap(names -> names);
  }

  /** What could not be created, and why. */
  private List<String> create(RequestContext context, Collection<CreatableTopic> topics)
      throws InterruptedException {
    CreateTopicsRequestData wanted = new CreateTopicsRequestData();
    wanted.setTopics(new CreatableTopicCollection(topics.iterator()));
    try {
      CreateTopicsResponse created =
          (CreateTopicsResponse)
              createTopics.handle(
                  context,
                  new CreateTopicsRequest.Builder(wanted)
                      .build(ApiKeys.CREATE_TOPICS.latestVersion()));
      return created.data().topics().stream()
          .filter(topic -> topic.errorCode() != 0)
          .map(topic -> topic.name() + " (" + topic.errorMessage() + ")")
          .toList();
    } catch (ApiException e) {
      return topics.stream().map(topic -> topic.name() + " (" + e.getMessage() + ")").toList();
    }
  }

  private static Optional<Status> missingTopics(StreamsGroupHeartbeatResponseData answer) {
    List<Status> all = answer.status() == null ? List.of() : answer.status();
    return all.stream()
        .filter(
            status ->
                status.statusCode()
                    == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code())
        .findFirst();
  }

  private static void tell(Status status, List<String> failures) {
    if (!failures.isEmpty()) {
      List<String> told = failures.subList(0, Math.min(MAX_FAILURES_TOLD, failures.size()));
      String more =
          failures.size() > told.size() ? " and " + (failures.size() - told.size()) + " more" : "";
      status.setStatusDetail(
          status.statusDetail() + "; Creation failed: " + String.join(", ", told) + more + ".");
    }
  }
}
