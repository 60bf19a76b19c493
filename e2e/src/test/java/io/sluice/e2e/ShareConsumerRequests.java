package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgePartition;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgeTopic;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** What a share consumer sends (KIP-932). */
record ShareConsumerRequests(String group, String member) {

  private static final int MAX_BYTES = 1 << 20;

  /** What is said of consecutive offsets. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Batch(long first, long last, int... types) {

    private List<Byte> bytes() {
      return IntStream.of(types).mapToObj(type -> (byte) type).toList();
    }
  }

  /** Of a topic that nobody has. */
  static final String NO_TOPIC = "no topic";

  private static Uuid id(BrokerIds ids, String topic) {
    return topic.equals(NO_TOPIC) ? new Uuid(7, 7) : ids.topic(topic);
  }

  Comparison heartbeat(String name, int epoch, String... topics) {
    return heartbeat(name, epoch, asked -> asked.setSubscribedTopicNames(List.of(topics)));
  }

  Comparison heartbeat(String name, int epoch, Consumer<ShareGroupHeartbeatRequestData> change) {
    ShareGroupHeartbeatRequestData request =
        new ShareGroupHeartbeatRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setMemberEpoch(epoch);
    change.accept(request);
    return Comparison.of(name, ApiKeys.SHARE_GROUP_HEARTBEAT, 1, request);
  }

  /** All that can be asked of a ShareFetch. */
  Comparison fetch(
      String name, int epoch, Consumer<ShareFetchRequestData> change, FetchTopicOf... topics) {
    return new Comparison(
        name,
        ApiKeys.SHARE_FETCH,
        2,
        ids -> {
          ShareFetchRequestData request =
              inSession(epoch)
                  .setMaxWaitMs(0)
                  .setMinBytes(1)
                  .setMaxBytes(MAX_BYTES)
                  .setMaxRecords(500)
                  .setBatchSize(500);
          for (FetchTopicOf topic : topics) {
            request.topics().add(topic.of(ids));
          }
          change.accept(request);
          return request;
        });
  }

  /** Partitions of a topic, with what is acknowledged in each. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record FetchTopicOf(String topic, List<Integer> partitions, Batch... batches) {

    FetchTopic of(BrokerIds ids) {
      FetchTopic fetched = new FetchTopic().setTopicId(id(ids, topic));
      for (int partition : partitions) {
        FetchPartition asked = new FetchPartition().setPartitionIndex(partition);
        for (Batch batch : batches) {
          asked
              .acknowledgementBatches()
              .add(
                  new ShareFetchRequestData.AcknowledgementBatch()
                      .setFirstOffset(batch.first())
                      .setLastOffset(batch.last())
                      .setAcknowledgeTypes(batch.bytes()));
        }
        fetched.partitions().add(asked);
      }
      return fetched;
    }
  }

  static FetchTopicOf of(String topic, Integer... partitions) {
    return new FetchTopicOf(topic, List.of(partitions));
  }

  Comparison fetch(String name, int epoch, FetchTopicOf... topics) {
    return fetch(name, epoch, asked -> {}, topics);
  }

  /** Of partition 0 of the topic of these requests, until there are records. */
  Comparison fetchUntilAcquired(
      String name, Consumer<ShareFetchRequestData> change, long firstOffset) {
    return fetch(name, 0, asked -> change.accept(asked.setMaxWaitMs(500)), of("sh", 0))
        .until(
            "responses[#0].partitions[0].acquiredRecords[#0].firstOffset",
            String.valueOf(firstOffset));
  }

  private ShareFetchRequestData inSession(int epoch) {
    return new ShareFetchRequestData()
        .setGroupId(group)
        .setMemberId(member)
        .setShareSessionEpoch(epoch);
  }

  /** A fetch that forgets partition 0. */
  Comparison forget(String name, int epoch, String topic) {
    return new Comparison(
        name,
        ApiKeys.SHARE_FETCH,
        2,
        ids -> {
          ShareFetchRequestData request = inSession(epoch);
          request
              .forgottenTopicsData()
              .add(new ForgottenTopic().setTopicId(id(ids, topic)).setPartitions(List.of(0)));
          return request;
        });
  }

  /** Of partition 0 of the topic of these requests. */
  Comparison acknowledge(String name, int epoch, Batch... batches) {
    return acknowledge(name, 2, epoch, false, "sh", 0, batches);
  }

  Comparison acknowledge(
      String name,
      int version,
      int epoch,
      boolean renews,
      String topic,
      int partition,
      Batch... batches) {
    return new Comparison(
        name,
        ApiKeys.SHARE_ACKNOWLEDGE,
        version,
        ids -> {
          List<ShareAcknowledgeRequestData.AcknowledgementBatch> all = new ArrayList<>();
          for (Batch batch : batches) {
            all.add(
                new ShareAcknowledgeRequestData.AcknowledgementBatch()
                    .setFirstOffset(batch.first())
                    .setLastOffset(batch.last())
                    .setAcknowledgeTypes(batch.bytes()));
          }
          AcknowledgeTopic acknowledged = new AcknowledgeTopic().setTopicId(id(ids, topic));
          acknowledged
              .partitions()
              .add(
                  new AcknowledgePartition()
                      .setPartitionIndex(partition)
                      .setAcknowledgementBatches(all));
          ShareAcknowledgeRequestData request =
              new ShareAcknowledgeRequestData()
                  .setGroupId(group)
                  .setMemberId(member)
                  .setShareSessionEpoch(epoch)
                  .setIsRenewAck(renews);
          request.topics().add(acknowledged);
          return request;
        });
  }
}
