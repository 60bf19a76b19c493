package io.sluice.e2e;

import java.util.List;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests about share groups, right and wrong: of the group of {@link ShareRequests}. */
final class ShareGroupRequests {

  private static final ShareConsumerRequests ONE = new ShareConsumerRequests("sg", "one");
  private static final ShareConsumerRequests TWO = new ShareConsumerRequests("sg", "two");

  private ShareGroupRequests() {}

  static List<Comparison> all() {
    return List.of(
        describe("describe a share group", "sg"),
        describe("describe share groups", "unknown", "", "g"),
        Comparison.of(
            "describe a share group as a group",
            ApiKeys.DESCRIBE_GROUPS,
            6,
            new DescribeGroupsRequestData().setGroups(List.of("sg"))),
        Comparison.of(
            "list share groups",
            ApiKeys.LIST_GROUPS,
            5,
            new ListGroupsRequestData().setTypesFilter(List.of("share"))),
        offsets("share offsets", "sg", "sh", 0, 1),
        offsets("share offsets of unknown partitions", "sg", "sh", 9, -1),
        offsets("share offsets of an unknown topic", "sg", "unknown", 0),
        offsets("share offsets of another topic", "sg", "t", 0),
        offsets("share offsets of an unknown group", "unknown", "sh", 0),
        offsets("share offsets of another group", "g", "sh", 0),
        offsets("share offsets of a nameless group", "", "sh", 0),
        allOffsets("all share offsets", "sg"),
        allOffsets("all share offsets of an unknown group", "unknown"),
        alter("alter share offsets of members", "sg", "sh", 0, 3),
        delete("delete share offsets of members", "sg", "sh"),
        deleteGroups("delete a share group that has members", "sg"),
        ONE.heartbeat("a share member leaves", -1, asked -> {}),
        TWO.heartbeat("another share member leaves", -1, asked -> {}),
        describe("describe an empty share group", "sg"),
        alter("alter share offsets", "sg", "sh", 0, 3),
        alter("alter share offsets of an unknown partition", "sg", "sh", 9, 3),
        alter("alter share offsets to less than none", "sg", "sh", 1, -3),
        alter("alter share offsets beyond the end", "sg", "sh", 0, 1_000),
        alter("alter share offsets of an unknown topic", "sg", "unknown", 0, 3),
        alter("alter share offsets of another topic", "sg", "t", 0, 3),
        alter("alter share offsets of an unknown group", "unknown", "sh", 0, 3),
        alter("alter share offsets of another group", "g", "sh", 0, 3),
        alter("alter share offsets of a nameless group", "", "sh", 0, 3),
        offsets("share offsets that were altered", "sg", "sh", 0, 1),
        delete("delete share offsets of an unknown topic", "sg", "unknown"),
        delete("delete share offsets of an unknown group", "unknown", "sh"),
        delete("delete share offsets of another group", "g", "sh"),
        delete("delete share offsets", "sg", "sh"),
        delete("delete share offsets again", "sg", "sh"),
        allOffsets("all share offsets that are left", "sg"),
        deleteGroups("delete share groups", "sg", "unknown"),
        describe("describe a deleted share group", "sg"));
  }

  private static Comparison describe(String name, String... groups) {
    return Comparison.of(
        name,
        ApiKeys.SHARE_GROUP_DESCRIBE,
        1,
        new ShareGroupDescribeRequestData()
            .setGroupIds(List.of(groups))
            .setIncludeAuthorizedOperations(true));
  }

  private static Comparison offsets(
      String name, String group, String topic, Integer... partitions) {
    DescribeShareGroupOffsetsRequestTopic asked =
        new DescribeShareGroupOffsetsRequestTopic()
            .setTopicName(topic)
            .setPartitions(List.of(partitions));
    return offsets(
        name,
        new DescribeShareGroupOffsetsRequestGroup().setGroupId(group).setTopics(List.of(asked)));
  }

  private static Comparison allOffsets(String name, String group) {
    return offsets(
        name, new DescribeShareGroupOffsetsRequestGroup().setGroupId(group).setTopics(null));
  }

  private static Comparison offsets(String name, DescribeShareGroupOffsetsRequestGroup group) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
        1,
        new DescribeShareGroupOffsetsRequestData().setGroups(List.of(group)));
  }

  private static Comparison alter(
      String name, String group, String topic, int partition, long offset) {
    AlterShareGroupOffsetsRequestData request =
        new AlterShareGroupOffsetsRequestData().setGroupId(group);
    request
        .topics()
        .mustAdd(
            new AlterShareGroupOffsetsRequestTopic()
                .setTopicName(topic)
                .setPartitions(
                    List.of(
                        new AlterShareGroupOffsetsRequestPartition()
                            .setPartitionIndex(partition)
                            .setStartOffset(offset))));
    return Comparison.of(name, ApiKeys.ALTER_SHARE_GROUP_OFFSETS, 0, request);
  }

  private static Comparison delete(String name, String group, String topic) {
    return Comparison.of(
        name,
        ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
        0,
        new DeleteShareGroupOffsetsRequestData()
            .setGroupId(group)
            .setTopics(List.of(new DeleteShareGroupOffsetsRequestTopic().setTopicName(topic))));
  }

  private static Comparison deleteGroups(String name, String... groups) {
    return Comparison.of(
        name,
        ApiKeys.DELETE_GROUPS,
        2,
        new DeleteGroupsRequestData().setGroupsNames(List.of(groups)));
  }
}
