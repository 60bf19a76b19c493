package io.sluice.kafka.share;

import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.group.Groups;
import io.sluice.kafka.group.ShareGroupSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.ShareAcknowledgeRequest;
import org.apache.kafka.common.requests.ShareAcknowledgeResponse;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/**
 * ShareAcknowledge, 1–2 (KIP-932; 2 renews locks, KIP-1222). The last request of a session releases
 * what the member still holds. What is acknowledged is durable before the answer.
 */
final class ShareAcknowledgeApi implements KafkaApi {

  private final Groups groups;
  private final ShareSessions sessions;
  private final ShareAcknowledger acknowledger;

  ShareAcknowledgeApi(Groups groups, ShareSessions sessions, ShareAcknowledger acknowledger) {
    this.groups = groups;
    this.sessions = sessions;
    this.acknowledger = acknowledger;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.SHARE_ACKNOWLEDGE;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    ShareAcknowledgeRequestData asked = ((ShareAcknowledgeRequest) request).data();
    ShareMember member = ShareMember.of(asked.groupId(), asked.memberId());
    sessions.acknowledge(member, asked.shareSessionEpoch());
    ShareGroupSettings settings = groups.shareGroup(member.group());
    Map<SharePartition, List<Acknowledgement>> acknowledgements = new LinkedHashMap<>();
    asked
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            acknowledgements.put(
                                new SharePartition(topic.topicId(), partition.partitionIndex()),
                                Acknowledgement.of(partition))));
    Map<SharePartition, ShareAcknowledger.Result> results =
        acknowledger.acknowledge(member, acknowledgements, asked.isRenewAck(), settings);
    if (asked.shareSessionEpoch() == ShareRequestMetadata.FINAL_EPOCH) {
      sessions
          .end(member)
          .ifPresent(ended -> acknowledger.release(member, ended.partitions(), settings));
    }
    return answer(results, settings);
  }

  private static AbstractResponse answer(
      Map<SharePartition, ShareAcknowledger.Result> results, ShareGroupSettings settings) {
    ShareAcknowledgeResponseData data =
        new ShareAcknowledgeResponseData()
            .setAcquisitionLockTimeoutMs((int) settings.recordLock().toMillis());
    results.forEach(
        (partition, result) -> {
          ShareAcknowledgeTopicResponse topic = data.responses().find(partition.topicId());
          if (topic == null) {
            topic = new ShareAcknowledgeTopicResponse().setTopicId(partition.topicId());
            data.responses().add(topic);
          }
          topic
              .partitions()
              .add(
                  new PartitionData()
                      .setPartitionIndex(partition.index())
                      .setErrorCode(result.error().code())
                      .setErrorMessage(result.message()));
        });
    return new ShareAcknowledgeResponse(data);
  }
}
