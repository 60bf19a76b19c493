package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What streams groups (KIP-1071) answer to what is wrong. */
class StreamsGroupAnswersTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("lines").withPartitions(2));
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    sluice.close();
  }

  private static StreamsGroupHeartbeatRequestData join(Topology topology) {
    return new StreamsGroupHeartbeatRequestData()
        .setGroupId("app")
        .setMemberId(Uuid.randomUuid().toString())
        .setProcessId("process")
        .setRebalanceTimeoutMs(1_000)
        .setTopology(topology)
        .setActiveTasks(List.of())
        .setStandbyTasks(List.of())
        .setWarmupTasks(List.of());
  }

  private static Topology topology(String source, TopicInfo... changelogs) {
    return new Topology()
        .setEpoch(1)
        .setSubtopologies(
            List.of(
                new Subtopology()
                    .setSubtopologyId("0")
                    .setSourceTopics(List.of(source))
                    .setStateChangelogTopics(List.of(changelogs))));
  }

  private StreamsGroupHeartbeatResponseData call(StreamsGroupHeartbeatRequestData request)
      throws Exception {
    return client.call(
        ApiKeys.STREAMS_GROUP_HEARTBEAT, 0, request, StreamsGroupHeartbeatResponseData.class);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("no group", join(topology("lines")).setGroupId(""), Errors.INVALID_REQUEST),
        Arguments.of("no member", join(topology("lines")).setMemberId(""), Errors.INVALID_REQUEST),
        Arguments.of(
            "no topology", join(topology("lines")).setTopology(null), Errors.INVALID_REQUEST),
        Arguments.of(
            "no timeout",
            join(topology("lines")).setRebalanceTimeoutMs(-1),
            Errors.INVALID_REQUEST),
        Arguments.of(
            "an epoch below those with a meaning",
            join(topology("lines")).setTopology(null).setMemberEpoch(-3),
            Errors.INVALID_REQUEST),
        Arguments.of(
            "an internal topic",
            join(topology("__consumer_offsets")),
            Errors.STREAMS_INVALID_TOPOLOGY),
        Arguments.of(
            "a topic that cannot be", join(topology("a topic")), Errors.STREAMS_INVALID_TOPOLOGY),
        Arguments.of(
            "a changelog that cannot be",
            join(topology("lines", new TopicInfo().setName("a topic"))),
            Errors.STREAMS_INVALID_TOPOLOGY),
        Arguments.of(
            "a static member",
            join(topology("lines")).setInstanceId("one"),
            Errors.INVALID_REQUEST),
        Arguments.of(
            "a member of no group",
            join(topology("lines")).setTopology(null).setMemberEpoch(5),
            Errors.GROUP_ID_NOT_FOUND));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrong")
  void a_wrong_heartbeat_has_its_error(
      String what, StreamsGroupHeartbeatRequestData request, Errors expected) throws Exception {
    StreamsGroupHeartbeatResponseData answer = call(request);

    assertEquals(expected, Errors.forCode(answer.errorCode()), what + ": " + answer);
  }

  @Test
  void a_member_of_an_epoch_that_has_no_id_is_unknown() throws Exception {
    call(join(topology("lines")));
    OffsetFetchRequestData request =
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId("app")
                        .setMemberId(null)
                        .setMemberEpoch(1)
                        .setTopics(null)));
    try (LogLines lines = new LogLines()) {
      OffsetFetchResponseData answer =
          client.call(ApiKeys.OFFSET_FETCH, 9, request, OffsetFetchResponseData.class);
      assertEquals(
          Errors.UNKNOWN_MEMBER_ID, Errors.forCode(answer.groups().getFirst().errorCode()));
      assertEquals(List.of(), lines.seen());
    }
  }

  @Test
  void a_missing_source_topic_is_told_and_nothing_is_created() throws Exception {
    StreamsGroupHeartbeatResponseData answer =
        call(join(topology("nowhere", new TopicInfo().setName("app-counts-changelog"))));

    assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
    assertEquals(Status.MISSING_SOURCE_TOPICS.code(), answer.status().getFirst().statusCode());
    assertTrue(sluice.broker().topics().find("app-counts-changelog").isEmpty());
  }

  @Test
  void a_changelog_topic_is_there_when_the_first_heartbeat_is_answered() throws Exception {
    StreamsGroupHeartbeatResponseData answer =
        call(join(topology("lines", new TopicInfo().setName("app-counts-changelog"))));

    assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
    assertEquals(
        2, sluice.broker().topics().find("app-counts-changelog").orElseThrow().partitions());
  }

  @Test
  void what_prevents_a_changelog_topic_is_told() throws Exception {
    TopicInfo changelog =
        new TopicInfo()
            .setName("app-counts-changelog")
            .setTopicConfigs(List.of(new KeyValue().setKey("retention.ms").setValue("long")));

    StreamsGroupHeartbeatResponseData answer = call(join(topology("lines", changelog)));

    assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
    assertEquals(Status.MISSING_INTERNAL_TOPICS.code(), answer.status().getFirst().statusCode());
    String detail = answer.status().getFirst().statusDetail();
    assertTrue(detail.contains("Creation failed: app-counts-changelog (Invalid value"), detail);
  }

  @Test
  void a_group_that_is_not_there_is_described_as_such() throws Exception {
    StreamsGroupDescribeResponseData answer =
        client.call(
            ApiKeys.STREAMS_GROUP_DESCRIBE,
            0,
            new StreamsGroupDescribeRequestData().setGroupIds(List.of("nobody")),
            StreamsGroupDescribeResponseData.class);

    assertEquals(Errors.GROUP_ID_NOT_FOUND, Errors.forCode(answer.groups().getFirst().errorCode()));
  }
}
