package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.Topics;
import io.sluice.kafka.KafkaApi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * OffsetFetch: one group per request, from version 8 on many (KIP-709), with topics by name or,
 * from version 10 on, by id (KIP-848). All offsets of a group are in a response once.
 */
final class OffsetFetchApi implements KafkaApi {

  private final CoordinatorSource source;
  private final Topics topics;

  OffsetFetchApi(CoordinatorSource source, Topics topics) {
    this.source = source;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_FETCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    OffsetFetchRequest asked = (OffsetFetchRequest) request;
    List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
    Set<String> inFull = new HashSet<>();
    for (OffsetFetchRequestGroup group : asked.groups()) {
      if (OffsetFetchRequest.requestAllOffsets(group) && !inFull.add(group.groupId())) {
        continue;
      }
      answers.add(
          fetch(context, group, asked.requireStable())
              .exceptionally(
                  e ->
                      OffsetFetchResponse.groupError(
                          group, Errors.forException(e), context.apiVersion())));
    }
    List<OffsetFetchResponseGroup> groups = new ArrayList<>();
    for (CompletableFuture<OffsetFetchResponseGroup> answer : answers) {
      groups.add(CoordinatorApi.await(answer));
    }
    return new OffsetFetchResponse.Builder(groups).build(context.apiVersion());
  }

  private CompletableFuture<OffsetFetchResponseGroup> fetch(
      RequestContext context, OffsetFetchRequestGroup asked, boolean stable)
      throws InterruptedException {
    if (asked.memberId() == null && asked.memberEpoch() >= 0) {
      // Apache Kafka's coordinator fails at a member of an epoch that has no id, not at one
      // unknown.
      asked.setMemberId("");
    }
    boolean byId = OffsetFetchRequest.useTopicIds(context.apiVersion());
    if (OffsetFetchRequest.requestAllOffsets(asked)) {
      CompletableFuture<OffsetFetchResponseGroup> all =
          source.get().fetchOffsets(context, asked, stable);
      return byId ? all.thenApply(this::withTopicIds) : all;
    }
    if (!byId) {
      return source.get().fetchOffsets(context, identified(asked), stable);
    }
    List<OffsetFetchRequestTopics> known = new ArrayList<>();
    List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
    for (OffsetFetchRequestTopics topic : asked.topics()) {
      Optional<Topic> found = topics.find(topic.topicId());
      if (found.isPresent()) {
        known.add(topic.duplicate().setName(found.get().name()));
      } else {
        unknown.add(unknown(topic));
      }
    }
    return source
        .get()
        .fetchOffsets(context, asked.duplicate().setTopics(known), stable)
        .thenApply(
            group -> {
              if (group.errorCode() == Errors.NONE.code()) {
                group.topics().addAll(unknown);
              }
              return group;
            });
  }

  /** What is asked for by name is meant of the topic that now has it. */
  private OffsetFetchRequestGroup identified(OffsetFetchRequestGroup asked) {
    List<OffsetFetchRequestTopics> identified = new ArrayList<>();
    for (OffsetFetchRequestTopics topic : asked.topics()) {
      Uuid id = topics.find(topic.name()).map(Topic::id).orElse(Uuid.ZERO_UUID);
      identified.add(topic.duplicate().setTopicId(id));
    }
    return asked.duplicate().setTopics(identified);
  }

  /** Offsets of topics that are gone have no id to be sent under. */
  private OffsetFetchResponseGroup withTopicIds(OffsetFetchResponseGroup group) {
    List<OffsetFetchResponseTopics> identified = new ArrayList<>();
    for (OffsetFetchResponseTopics topic : group.topics()) {
      topics
          .find(topic.name())
          .ifPresent(existing -> identified.add(topic.setTopicId(existing.id())));
    }
    return group.setTopics(identified);
  }

  private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics asked) {
    OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setTopicId(asked.topicId());
    for (int partition : asked.partitionIndexes()) {
      answer
          .partitions()
          .add(
              new OffsetFetchResponsePartitions()
                  .setPartitionIndex(partition)
                  .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                  .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
    }
    return answer;
  }
}
