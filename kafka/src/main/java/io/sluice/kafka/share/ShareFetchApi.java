package io.sluice.kafka.share;

import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.group.Groups;
import io.sluice.kafka.group.ShareGroupSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ShareSessionLimitReachedException;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareFetchRequest;
import org.apache.kafka.common.requests.ShareFetchResponse;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/**
 * ShareFetch, 1–2 (KIP-932; 2 renews locks and limits records strictly, KIP-1206 and KIP-1222).
 * Acknowledgements that ride on it are durable before the answer. Records leave in the batches in
 * which they are stored; what the member has acquired of them is named beside them, and never
 * includes control records or gaps.
 */
final class ShareFetchApi implements KafkaApi {

  private final Groups groups;
  private final ShareSessions sessions;
  private final ShareAcknowledger acknowledger;
  private final ShareFetcher fetcher;

  ShareFetchApi(
      Groups groups, ShareSessions sessions, ShareAcknowledger acknowledger, ShareFetcher fetcher) {
    this.groups = groups;
    this.sessions = sessions;
    this.acknowledger = acknowledger;
    this.fetcher = fetcher;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.SHARE_FETCH;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    ShareFetchRequestData asked = ((ShareFetchRequest) request).data();
    ShareMember member = ShareMember.of(asked.groupId(), asked.memberId());
    check(asked);
    Map<SharePartition, List<Acknowledgement>> acknowledgements = acknowledgements(asked);
    Optional<ShareSession> session;
    try {
      session = session(context, member, asked, !acknowledgements.isEmpty());
    } catch (ShareSessionLimitReachedException e) {
      // The client asks again at once.
      fetcher.pause(Duration.ofMillis(Math.max(0, asked.maxWaitMs())));
      throw e;
    }
    ShareGroupSettings settings = groups.shareGroup(member.group());
    Map<SharePartition, ShareAcknowledger.Result> acknowledged =
        acknowledger.acknowledge(member, acknowledgements, asked.isRenewAck(), settings);
    Map<SharePartition, PartitionData> answers = new LinkedHashMap<>();
    if (session.isPresent()) {
      List<SharePartition> partitions = sessions.partitions(session.get());
      // To wait for records would take from the time for which locks were renewed.
      if (!asked.isRenewAck()) {
        answers.putAll(fetcher.fetch(context, member, asked, partitions, settings));
      }
      sessions
          .answered(session.get(), failed(answers))
          .forEach(due -> answers.computeIfAbsent(due, ShareFetcher::nothing));
    } else {
      sessions
          .end(member)
          .ifPresent(ended -> acknowledger.release(member, ended.partitions(), settings));
    }
    acknowledged.forEach(
        (partition, result) ->
            answers
                .computeIfAbsent(partition, ShareFetcher::nothing)
                .setAcknowledgeErrorCode(result.error().code())
                .setAcknowledgeErrorMessage(result.message()));
    return answer(answers, settings);
  }

  private static void check(ShareFetchRequestData asked) {
    if (asked.shareAcquireMode() < 0 || asked.shareAcquireMode() > 1) {
      throw new InvalidRequestException(
          "Unknown share acquire mode id: " + asked.shareAcquireMode());
    }
    boolean fetches =
        asked.maxBytes() != 0
            || asked.minBytes() != 0
            || asked.maxRecords() != 0
            || asked.maxWaitMs() != 0;
    if (asked.isRenewAck() && fetches) {
      throw new InvalidRequestException(
          "maxBytes, minBytes, maxRecords and maxWaitMs must be set to 0 if isRenewAck is true.");
    }
  }

  private static Map<SharePartition, List<Acknowledgement>> acknowledgements(
      ShareFetchRequestData asked) {
    Map<SharePartition, List<Acknowledgement>> all = new LinkedHashMap<>();
    for (FetchTopic topic : asked.topics()) {
      topic.partitions().stream()
          .filter(partition -> !partition.acknowledgementBatches().isEmpty())
          .forEach(
              partition ->
                  all.put(
                      new SharePartition(topic.topicId(), partition.partitionIndex()),
                      Acknowledgement.of(partition)));
    }
    return all;
  }

  /** The session that the request begins or goes on with; empty when it ends one. */
  private Optional<ShareSession> session(
      RequestContext context, ShareMember member, ShareFetchRequestData asked, boolean settles) {
    Set<SharePartition> named = new LinkedHashSet<>();
    for (FetchTopic topic : asked.topics()) {
      topic
          .partitions()
          .forEach(each -> named.add(new SharePartition(topic.topicId(), each.partitionIndex())));
    }
    return switch (asked.shareSessionEpoch()) {
      case ShareRequestMetadata.FINAL_EPOCH -> {
        sessions.find(member);
        yield Optional.empty();
      }
      case ShareRequestMetadata.INITIAL_EPOCH -> {
        if (settles) {
          throw new InvalidRequestException("A session cannot begin with acknowledgements.");
        }
        yield Optional.of(sessions.begin(member, context.connectionId(), named));
      }
      default -> {
        List<SharePartition> forgotten = new ArrayList<>();
        asked
            .forgottenTopicsData()
            .forEach(
                topic ->
                    topic
                        .partitions()
                        .forEach(
                            index -> forgotten.add(new SharePartition(topic.topicId(), index))));
        yield Optional.of(sessions.next(member, asked.shareSessionEpoch(), named, forgotten));
      }
    };
  }

  private static Set<SharePartition> failed(Map<SharePartition, PartitionData> answers) {
    Set<SharePartition> failed = new HashSet<>();
    answers.forEach(
        (partition, data) -> {
          if (data.errorCode() != Errors.NONE.code()) {
            failed.add(partition);
          }
        });
    return failed;
  }

  private static AbstractResponse answer(
      Map<SharePartition, PartitionData> answers, ShareGroupSettings settings) {
    LinkedHashMap<TopicIdPartition, PartitionData> named = new LinkedHashMap<>();
    answers.forEach(
        (partition, answer) ->
            named.put(
                // By the topic's id alone: answers name no topic.
                new TopicIdPartition(partition.topicId(), partition.index(), null), answer));
    return ShareFetchResponse.of(
        Errors.NONE, 0, named, List.of(), (int) settings.recordLock().toMillis());
  }
}
