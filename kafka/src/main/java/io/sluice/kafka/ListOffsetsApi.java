package io.sluice.kafka;

import io.sluice.broker.Topics;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * ListOffsets, 1–11: earliest, latest (by isolation), greatest timestamp (KIP-734), first at or
 * after a time. There are no tiers: the earliest local record is the earliest, and what asks for
 * remote ones (KIP-405) is answered as by a broker without them.
 */
final class ListOffsetsApi implements KafkaApi {

  /** The first version whose answers have room for a leader epoch (KIP-320). */
  private static final short LEADER_EPOCH = 4;

  /** The first version in which each timestamp that is none is understood. */
  private static final Map<Long, Integer> SINCE =
      Map.of(
          ListOffsetsRequest.LATEST_TIMESTAMP, 1,
          ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
          ListOffsetsRequest.MAX_TIMESTAMP, 7,
          ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
          ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
          ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11);

  private final TopicResolver resolver;

  ListOffsetsApi(Topics topics) {
    this.resolver = new TopicResolver(topics);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    ListOffsetsRequest asked = (ListOffsetsRequest) request;
    Set<TopicPartition> repeated = asked.duplicatePartitions();
    ReadIsolation isolation = IsolationLevels.of(asked.data().isolationLevel());
    ListOffsetsResponseData response = new ListOffsetsResponseData();
    asked
        .topics()
        .forEach(
            topic -> {
              ListOffsetsTopicResponse answer =
                  new ListOffsetsTopicResponse().setName(topic.name());
              topic
                  .partitions()
                  .forEach(
                      partition ->
                          answer
                              .partitions()
                              .add(
                                  repeated.contains(
                                          new TopicPartition(
                                              topic.name(), partition.partitionIndex()))
                                      ? failed(partition, Errors.INVALID_REQUEST)
                                      : find(topic.name(), partition, isolation, asked.version())));
              response.topics().add(answer);
            });
    return new ListOffsetsResponse(response);
  }

  private static ListOffsetsPartitionResponse failed(ListOffsetsPartition asked, Errors error) {
    return new ListOffsetsPartitionResponse()
        .setPartitionIndex(asked.partitionIndex())
        .setErrorCode(error.code());
  }

  private ListOffsetsPartitionResponse find(
      String topic, ListOffsetsPartition asked, ReadIsolation isolation, short version) {
    if (asked.timestamp() < 0
        && version < SINCE.getOrDefault(asked.timestamp(), Integer.MAX_VALUE)) {
      return failed(asked, Errors.UNSUPPORTED_VERSION);
    }
    try {
      PartitionLog log =
          resolver.partition(resolver.topic(topic, Uuid.ZERO_UUID), asked.partitionIndex());
      TopicResolver.checkLeaderEpoch(log, asked.currentLeaderEpoch());
      TimestampedOffset found = find(log, asked.timestamp(), isolation);
      return new ListOffsetsPartitionResponse()
          .setPartitionIndex(asked.partitionIndex())
          .setTimestamp(found.timestampMs())
          .setOffset(found.offset())
          .setLeaderEpoch(found.offset() < 0 || version < LEADER_EPOCH ? -1 : found.leaderEpoch());
    } catch (RuntimeException e) {
      return failed(asked, ErrorCodes.of(e));
    }
  }

  private static TimestampedOffset find(PartitionLog log, long timestamp, ReadIsolation isolation) {
    long end = isolation == ReadIsolation.COMMITTED ? log.lastStableOffset() : log.highWatermark();
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
        || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
      return at(log, log.startOffset());
    }
    if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return at(log, end);
    }
    if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
      return log.findMaxTimestamp().filter(found -> found.offset() < end).orElse(nothing());
    }
    return timestamp < 0 ? nothing() : log.findByTimestamp(timestamp, isolation).orElse(nothing());
  }

  private static TimestampedOffset at(PartitionLog log, long offset) {
    return new TimestampedOffset(ListOffsetsResponse.UNKNOWN_TIMESTAMP, offset, log.leaderEpoch());
  }

  private static TimestampedOffset nothing() {
    return new TimestampedOffset(
        ListOffsetsResponse.UNKNOWN_TIMESTAMP, ListOffsetsResponse.UNKNOWN_OFFSET, -1);
  }
}
