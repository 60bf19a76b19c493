package io.sluice.e2e;

import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests of Kafka Streams applications (KIP-1071), right and wrong. */
final class StreamsRequests {

  private StreamsRequests() {}

  static List<Comparison> all() {
    return List.of(
        heartbeat("join a streams group", asked -> {}),
        heartbeat("join a nameless streams group", asked -> asked.setGroupId("")),
        heartbeat("join a streams group without a member", asked -> asked.setMemberId("")),
        heartbeat("join a streams group where offsets are", asked -> asked.setGroupId("g")),
        heartbeat("join a streams group without a topology", asked -> asked.setTopology(null)),
        heartbeat("join a streams group with an empty rack", asked -> asked.setRackId("")),
        heartbeat(
            "join a streams group in no time",
            asked -> asked.setGroupId("hasty").setRebalanceTimeoutMs(0)),
        heartbeat("join a streams group with tasks", asked -> asked.setActiveTasks(tasks(0))),
        heartbeat("join a streams group without tasks", asked -> asked.setActiveTasks(null)),
        heartbeat("join a streams group of unknown topics", asked -> reads(asked, "unknown")),
        heartbeat("join a streams group of invalid topics", asked -> reads(asked, "a b")),
        heartbeat("a streams member with an epoch to come", StreamsRequests::ofTheFuture),
        heartbeat("an unknown streams member", asked -> ofTheFuture(asked.setMemberId("nobody"))),
        heartbeat(
            "a streams member of an unknown group", asked -> ofTheFuture(asked.setGroupId("x"))),
        heartbeat("a streams member with a negative epoch", asked -> asked.setMemberEpoch(-7)),
        heartbeat("an unknown streams member leaves", StreamsRequests::leaves),
        describe("describe streams groups", "st", "unknown", "", "g"),
        heartbeat("a streams member leaves", asked -> leaves(asked).setMemberId("m")),
        describe("describe an empty streams group", "st"));
  }

  private static Comparison heartbeat(
      String name, Consumer<StreamsGroupHeartbeatRequestData> change) {
    StreamsGroupHeartbeatRequestData request =
        new StreamsGroupHeartbeatRequestData()
            .setGroupId("st")
            .setMemberId("m")
            .setMemberEpoch(0)
            .setProcessId("p")
            .setRebalanceTimeoutMs(10_000)
            .setClientTags(List.of())
            .setActiveTasks(List.of())
            .setStandbyTasks(List.of())
            .setWarmupTasks(List.of())
            .setTopology(topology("t"));
    change.accept(request);
    return Comparison.of(name, ApiKeys.STREAMS_GROUP_HEARTBEAT, 0, request);
  }

  private static Topology topology(String source) {
    return new Topology()
        .setEpoch(0)
        .setSubtopologies(
            List.of(new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(source))));
  }

  private static List<TaskIds> tasks(int partition) {
    return List.of(new TaskIds().setSubtopologyId("0").setPartitions(List.of(partition)));
  }

  private static void reads(StreamsGroupHeartbeatRequestData asked, String topic) {
    asked.setGroupId("of " + topic).setTopology(topology(topic));
  }

  private static void ofTheFuture(StreamsGroupHeartbeatRequestData asked) {
    asked.setMemberEpoch(1_000).setTopology(null);
  }

  private static StreamsGroupHeartbeatRequestData leaves(StreamsGroupHeartbeatRequestData asked) {
    return asked
        .setMemberId("nobody")
        .setMemberEpoch(-1)
        .setTopology(null)
        .setActiveTasks(null)
        .setStandbyTasks(null)
        .setWarmupTasks(null);
  }

  private static Comparison describe(String name, String... groups) {
    return Comparison.of(
        name,
        ApiKeys.STREAMS_GROUP_DESCRIBE,
        0,
        new StreamsGroupDescribeRequestData()
            .setGroupIds(List.of(groups))
            .setIncludeAuthorizedOperations(true));
  }
}
