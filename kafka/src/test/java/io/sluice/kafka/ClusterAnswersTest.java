package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client learns of the cluster and its topics, as from one node of Apache Kafka. */
class ClusterAnswersTest {

  private static final int UNSAID = Integer.MIN_VALUE;

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice.broker().topics().create(NewTopic.named("a").withPartitions(3));
    sluice.broker().topics().create(NewTopic.named("b").withPartitions(2));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  @Test
  void an_administrator_may_do_everything() throws Exception {
    try (Admin admin = sluice.admin()) {
      assertEquals(
          Set.of(
              AclOperation.READ,
              AclOperation.WRITE,
              AclOperation.CREATE,
              AclOperation.DESCRIBE,
              AclOperation.DELETE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS),
          admin
              .describeTopics(
                  List.of("a"), new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .allTopicNames()
              .get()
              .get("a")
              .authorizedOperations());
      assertEquals(
          Set.of(
              AclOperation.CREATE,
              AclOperation.CLUSTER_ACTION,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS,
              AclOperation.IDEMPOTENT_WRITE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE),
          admin
              .describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
              .authorizedOperations()
              .get());
    }
  }

  @Test
  void authorized_operations_are_told_to_those_who_ask() throws IOException {
    MetadataRequestData request =
        new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("a")));
    MetadataResponseData plain = metadata(10, request);
    assertEquals(UNSAID, plain.clusterAuthorizedOperations());
    assertEquals(UNSAID, plain.topics().iterator().next().topicAuthorizedOperations());
    request.setIncludeClusterAuthorizedOperations(true).setIncludeTopicAuthorizedOperations(true);
    MetadataResponseData told = metadata(10, request);
    assertTrue(told.clusterAuthorizedOperations() > 0);
    assertTrue(told.topics().iterator().next().topicAuthorizedOperations() > 0);
  }

  private MetadataResponseData metadata(int version, MetadataRequestData request)
      throws IOException {
    return client.call(ApiKeys.METADATA, version, request, MetadataResponseData.class);
  }

  @Test
  void topics_are_found_by_name_or_id_and_missing_ones_said_to_be() throws IOException {
    Uuid nothing = Uuid.randomUuid();
    MetadataResponseData response =
        metadata(
            13,
            new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(
                    List.of(
                        new MetadataRequestTopic().setName("none"),
                        new MetadataRequestTopic().setName("a b"),
                        new MetadataRequestTopic().setName("a"),
                        new MetadataRequestTopic().setName("a"))));
    assertEquals(3, response.topics().size(), "a topic that is named twice is described once");
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, error(response, "none"));
    assertEquals(Errors.INVALID_TOPIC_EXCEPTION, error(response, "a b"));
    assertEquals(Errors.NONE, error(response, "a"));
    MetadataResponseTopic unknown =
        metadata(
                13,
                new MetadataRequestData()
                    .setTopics(
                        List.of(new MetadataRequestTopic().setName(null).setTopicId(nothing))))
            .topics()
            .iterator()
            .next();
    assertEquals(Errors.UNKNOWN_TOPIC_ID, Errors.forCode(unknown.errorCode()));
    assertNull(unknown.name());
  }

  private static Errors error(MetadataResponseData response, String name) {
    return Errors.forCode(response.topics().find(name).errorCode());
  }

  @Test
  void a_topic_without_name_and_id_is_no_fault_of_the_broker() throws IOException {
    for (int version = 10; version <= 13; version++) {
      MetadataRequestData request =
          new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null)));
      try (LogLines log = new LogLines()) {
        MetadataResponseTopic topic = metadata(version, request).topics().iterator().next();
        assertEquals(Errors.INVALID_REQUEST, Errors.forCode(topic.errorCode()));
        assertEquals(0, log.seen().size(), () -> log.seen().toString());
      }
    }
  }

  @Test
  void the_offsets_topic_is_awaited_until_there_are_groups() throws IOException {
    MetadataResponseTopic topic =
        metadata(
                12,
                new MetadataRequestData()
                    .setAllowAutoTopicCreation(true)
                    .setTopics(List.of(new MetadataRequestTopic().setName("__consumer_offsets"))))
            .topics()
            .iterator()
            .next();
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.forCode(topic.errorCode()));
    assertTrue(topic.isInternal());
  }

  private DescribeTopicPartitionsResponseData describe(DescribeTopicPartitionsRequestData request)
      throws IOException {
    return client.call(
        ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, request, DescribeTopicPartitionsResponseData.class);
  }

  @Test
  void pages_follow_each_other_by_cursor() throws IOException {
    DescribeTopicPartitionsRequestData request =
        new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(2);
    List<String> seen = new ArrayList<>();
    boolean more = true;
    while (more) {
      DescribeTopicPartitionsResponseData page = describe(request);
      page.topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(each -> seen.add(topic.name() + each.partitionIndex())));
      more = page.nextCursor() != null;
      if (more) {
        request.setCursor(
            new Cursor()
                .setTopicName(page.nextCursor().topicName())
                .setPartitionIndex(page.nextCursor().partitionIndex()));
      }
    }
    assertEquals(List.of("a0", "a1", "a2", "b0", "b1"), seen);
  }

  @Test
  void a_cursor_must_be_at_a_topic_that_is_asked_for() throws IOException {
    DescribeTopicPartitionsRequestData request =
        new DescribeTopicPartitionsRequestData()
            .setTopics(List.of(new TopicRequest().setName("b")))
            .setCursor(new Cursor().setTopicName("a").setPartitionIndex(0));
    assertEquals(
        Errors.INVALID_REQUEST, Errors.forCode(describe(request).topics().find("b").errorCode()));
  }

  @Test
  void illegal_names_are_told_from_missing_topics() throws IOException {
    DescribeTopicPartitionsResponseData response =
        describe(
            new DescribeTopicPartitionsRequestData()
                .setTopics(
                    List.of(
                        new TopicRequest().setName("none"), new TopicRequest().setName("a b"))));
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        Errors.forCode(response.topics().find("none").errorCode()));
    assertEquals(
        Errors.INVALID_TOPIC_EXCEPTION, Errors.forCode(response.topics().find("a b").errorCode()));
  }

  @Test
  void kinds_of_endpoints_that_this_is_not_are_refused() throws IOException {
    assertEquals(Errors.MISMATCHED_ENDPOINT_TYPE, endpoint((byte) 2));
    assertEquals(Errors.UNSUPPORTED_ENDPOINT_TYPE, endpoint((byte) 9));
    assertEquals(Errors.NONE, endpoint((byte) 1));
  }

  private Errors endpoint(byte type) throws IOException {
    DescribeClusterRequestData request = new DescribeClusterRequestData().setEndpointType(type);
    return Errors.forCode(
        client
            .call(ApiKeys.DESCRIBE_CLUSTER, 1, request, DescribeClusterResponseData.class)
            .errorCode());
  }
}
