package io.sluice.e2e;

import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests about groups and their offsets, right and wrong. */
final class GroupRequests {

  private GroupRequests() {}

  static List<Comparison> all() {
    return List.of(
        coordinator("coordinator of a group", 0, "g"),
        coordinator("coordinator of a nameless group", 0, ""),
        coordinator("coordinator of an unknown kind", 9, "g"),
        commit("commit", "g", "t", 0, 1),
        commit("commit for an unknown partition", "g", "t", 9, 1),
        commit("commit for an unknown topic", "g", "unknown", 0, 1),
        commit("commit a negative offset", "g", "t", 0, -5),
        commit("commit for a nameless group", "", "t", 0, 1),
        committed("committed offsets", "g"),
        committed("committed offsets of an unknown group", "unknown"),
        list("list groups"),
        list("list empty groups", "Empty"),
        list("list groups in an unknown state", "NoSuchState"),
        describe("describe a group", "g"),
        describe("describe an unknown group", "unknown"),
        describe("describe a nameless group", ""),
        Comparison.of(
            "describe a group of another protocol",
            ApiKeys.CONSUMER_GROUP_DESCRIBE,
            1,
            new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g", "unknown"))),
        Comparison.of(
            "describe a share group that is none",
            ApiKeys.SHARE_GROUP_DESCRIBE,
            1,
            new ShareGroupDescribeRequestData().setGroupIds(List.of("g", "unknown"))),
        Comparison.of(
            "describe a streams group that is none",
            ApiKeys.STREAMS_GROUP_DESCRIBE,
            0,
            new StreamsGroupDescribeRequestData().setGroupIds(List.of("g", "unknown"))),
        join("join", "j", "", 10_000),
        join("join as an unknown member", "j", "nobody", 10_000),
        join("join a nameless group", "", "", 10_000),
        join("join with too short a session", "j", "", 1),
        Comparison.of(
            "heartbeat of an unknown member",
            ApiKeys.HEARTBEAT,
            4,
            new HeartbeatRequestData().setGroupId("j").setMemberId("nobody").setGenerationId(1)),
        Comparison.of(
            "sync of an unknown member",
            ApiKeys.SYNC_GROUP,
            5,
            new SyncGroupRequestData()
                .setGroupId("j")
                .setMemberId("nobody")
                .setGenerationId(1)
                .setProtocolType("consumer")
                .setProtocolName("range")),
        Comparison.of(
            "sync without a protocol",
            ApiKeys.SYNC_GROUP,
            5,
            new SyncGroupRequestData().setGroupId("j").setMemberId("nobody").setGenerationId(1)),
        Comparison.of(
            "an unknown member leaves",
            ApiKeys.LEAVE_GROUP,
            5,
            new LeaveGroupRequestData()
                .setGroupId("j")
                .setMembers(List.of(new MemberIdentity().setMemberId("nobody")))),
        Comparison.of(
            "heartbeat of a new consumer without a topic",
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            1,
            new ConsumerGroupHeartbeatRequestData()
                .setGroupId("c")
                .setMemberId("m")
                .setMemberEpoch(0)),
        Comparison.of(
            "heartbeat of a consumer with a wrong epoch",
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            1,
            new ConsumerGroupHeartbeatRequestData()
                .setGroupId("c")
                .setMemberId("m")
                .setMemberEpoch(7)),
        deleteOffsets("delete an offset", "g", "t", 0),
        deleteOffsets("delete an offset of an unknown partition", "g", "t", 9),
        deleteOffsets("delete an offset of an unknown topic", "g", "unknown", 0),
        deleteOffsets("delete an offset of an unknown group", "unknown", "t", 0),
        Comparison.of(
            "delete groups",
            ApiKeys.DELETE_GROUPS,
            2,
            new DeleteGroupsRequestData().setGroupsNames(List.of("unknown", ""))));
  }

  private static Comparison coordinator(String name, int type, String key) {
    return Comparison.of(
        name,
        ApiKeys.FIND_COORDINATOR,
        4,
        new FindCoordinatorRequestData().setKeyType((byte) type).setCoordinatorKeys(List.of(key)));
  }

  private static Comparison commit(
      String name, String group, String topic, int partition, long offset) {
    return Comparison.of(
        name,
        ApiKeys.OFFSET_COMMIT,
        9,
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new OffsetCommitRequestPartition()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(offset)
                                    .setCommittedMetadata("m"))))));
  }

  private static Comparison committed(String name, String group) {
    OffsetFetchRequestTopics topic =
        new OffsetFetchRequestTopics().setName("t").setPartitionIndexes(List.of(0, 1, 9));
    return Comparison.of(
        name,
        ApiKeys.OFFSET_FETCH,
        9,
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(topic)))));
  }

  private static Comparison list(String name, String... states) {
    return Comparison.of(
        name, ApiKeys.LIST_GROUPS, 5, new ListGroupsRequestData().setStatesFilter(List.of(states)));
  }

  private static Comparison describe(String name, String group) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_GROUPS,
        6,
        new DescribeGroupsRequestData()
            .setGroups(List.of(group))
            .setIncludeAuthorizedOperations(true));
  }

  private static Comparison join(String name, String group, String member, int sessionTimeoutMs) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
    return Comparison.of(
        name,
        ApiKeys.JOIN_GROUP,
        9,
        new JoinGroupRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setSessionTimeoutMs(sessionTimeoutMs)
            .setRebalanceTimeoutMs(10_000)
            .setProtocolType("consumer")
            .setProtocols(protocols));
  }

  private static Comparison deleteOffsets(String name, String group, String topic, int partition) {
    OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
    request
        .topics()
        .mustAdd(
            new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(
                    List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition))));
    return Comparison.of(name, ApiKeys.OFFSET_DELETE, 0, request);
  }
}
