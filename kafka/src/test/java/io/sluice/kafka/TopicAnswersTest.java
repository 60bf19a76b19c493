package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The error codes with which topics are made, grown and deleted, as Apache Kafka's controller. */
class TopicAnswersTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice.broker().topics().create(NewTopic.named("old"));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private static CreatableTopic topic(String name) {
    return new CreatableTopic().setName(name).setNumPartitions(-1).setReplicationFactor((short) -1);
  }

  private static CreatableTopic assigned(String name, Map<Integer, List<Integer>> brokers) {
    CreatableTopic topic = topic(name);
    brokers.forEach(
        (partition, ids) ->
            topic
                .assignments()
                .add(
                    new CreatableReplicaAssignment()
                        .setPartitionIndex(partition)
                        .setBrokerIds(ids)));
    return topic;
  }

  private Errors create(CreatableTopic... topics) throws IOException {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    for (CreatableTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    CreateTopicsResponseData response =
        client.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class);
    assertEquals(1, response.topics().size());
    return Errors.forCode(response.topics().iterator().next().errorCode());
  }

  @Test
  void a_topic_that_exists_is_said_to_exist_whatever_else_is_wrong() throws IOException {
    assertEquals(Errors.TOPIC_ALREADY_EXISTS, create(topic("old").setReplicationFactor((short) 3)));
    assertEquals(
        Errors.INVALID_TOPIC_EXCEPTION, create(topic("a b").setReplicationFactor((short) 3)));
    assertEquals(Errors.TOPIC_ALREADY_EXISTS, create(assigned("old", Map.of(0, List.of(7)))));
  }

  @Test
  void numbers_of_partitions_and_replicas_are_checked() throws IOException {
    assertEquals(Errors.INVALID_PARTITIONS, create(topic("new").setNumPartitions(0)));
    assertEquals(Errors.INVALID_PARTITIONS, create(topic("new").setNumPartitions(-2)));
    assertEquals(
        Errors.INVALID_REPLICATION_FACTOR, create(topic("new").setReplicationFactor((short) 0)));
    assertEquals(Errors.POLICY_VIOLATION, create(topic("new").setNumPartitions(10_001)));
  }

  @Test
  void partitions_are_assigned_to_this_node_only_and_each_once() throws IOException {
    Errors refused = Errors.INVALID_REPLICA_ASSIGNMENT;
    assertEquals(refused, create(assigned("new", Map.of(0, List.of(7)))));
    assertEquals(refused, create(assigned("new", Map.of(0, List.of()))));
    assertEquals(refused, create(assigned("new", Map.of(0, List.of(1, 1)))));
    assertEquals(refused, create(assigned("new", Map.of(1, List.of(1)))));
    assertEquals(refused, create(assigned("new", Map.of(-1, List.of(1), 0, List.of(1)))));
    CreatableTopic twice = assigned("new", Map.of(0, List.of(1)));
    twice
        .assignments()
        .mustAdd(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
    assertEquals(refused, create(twice));
    assertEquals(
        Errors.INVALID_REQUEST,
        create(assigned("new", Map.of(0, List.of(1))).setReplicationFactor((short) 1)));
    assertEquals(Errors.NONE, create(assigned("new", Map.of(0, List.of(1), 1, List.of(1)))));
    assertEquals(2, sluice.broker().topics().find("new").orElseThrow().partitions());
  }

  @Test
  void configs_are_checked() throws IOException {
    for (String value : new String[] {"x", null}) {
      CreatableTopic topic = topic("new");
      topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(value));
      assertEquals(Errors.INVALID_CONFIG, create(topic));
    }
    CreatableTopic topic = topic("new");
    topic.configs().add(new CreatableTopicConfig().setName("no.such").setValue("1"));
    assertEquals(Errors.INVALID_CONFIG, create(topic));
    assertEquals(Errors.INVALID_REQUEST, create(topic("new"), topic("new")));
  }

  @Test
  void what_would_be_made_is_told_without_making_it() throws IOException {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
    request.topics().mustAdd(topic("new"));
    CreatableTopicResult result =
        client
            .call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class)
            .topics()
            .find("new");
    assertEquals(Errors.NONE, Errors.forCode(result.errorCode()));
    assertEquals(1, result.numPartitions(), "the broker's default");
    assertEquals(1, result.replicationFactor());
    assertTrue(sluice.broker().topics().find("new").isEmpty());
  }

  private Errors grow(int count, CreatePartitionsTopic topic) throws IOException {
    return grow(List.of(topic.setCount(count)));
  }

  private Errors grow(List<CreatePartitionsTopic> topics) throws IOException {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(10_000);
    topics.forEach(request.topics()::mustAdd);
    CreatePartitionsResponseData response =
        client.call(ApiKeys.CREATE_PARTITIONS, 3, request, CreatePartitionsResponseData.class);
    assertEquals(1, response.results().size());
    return Errors.forCode(response.results().getFirst().errorCode());
  }

  private static CreatePartitionsTopic grown(String name, List<List<Integer>> brokers) {
    List<CreatePartitionsAssignment> assignments = new ArrayList<>();
    brokers.forEach(ids -> assignments.add(new CreatePartitionsAssignment().setBrokerIds(ids)));
    return new CreatePartitionsTopic()
        .setName(name)
        .setAssignments(brokers.isEmpty() ? null : assignments);
  }

  @Test
  void partitions_are_added_to_this_node_only() throws IOException {
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, grow(2, grown("none", List.of())));
    assertEquals(Errors.INVALID_PARTITIONS, grow(1, grown("old", List.of())));
    assertEquals(Errors.INVALID_PARTITIONS, grow(-1, grown("old", List.of(List.of(1)))));
    assertEquals(Errors.INVALID_PARTITIONS, grow(1, grown("old", List.of(List.of(1)))));
    Errors refused = Errors.INVALID_REPLICA_ASSIGNMENT;
    assertEquals(refused, grow(3, grown("old", List.of(List.of(1)))));
    assertEquals(refused, grow(2, grown("old", List.of(List.of(7)))));
    assertEquals(refused, grow(2, grown("old", List.of(List.of()))));
    assertEquals(refused, grow(2, grown("old", List.of(List.of(1, 1)))));
    assertEquals(
        Errors.INVALID_REQUEST,
        grow(List.of(grown("old", List.of()).setCount(2), grown("old", List.of()).setCount(3))));
    assertEquals(1, sluice.broker().topics().find("old").orElseThrow().partitions());
    assertEquals(Errors.NONE, grow(2, grown("old", List.of(List.of(1)))));
  }

  @Test
  void the_offsets_topic_keeps_its_partitions_for_life() throws IOException {
    try (org.apache.kafka.clients.admin.Admin admin = sluice.admin()) {
      assertEquals(List.of(), List.copyOf(admin.listGroups().all().get()));
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
    assertEquals(Errors.INVALID_TOPIC_EXCEPTION, grow(100, grown("__consumer_offsets", List.of())));
  }

  private List<DeletableTopicResult> delete(DeleteTopicState... topics) throws IOException {
    DeleteTopicsRequestData request =
        new DeleteTopicsRequestData().setTimeoutMs(10_000).setTopics(List.of(topics));
    return List.copyOf(
        client.call(ApiKeys.DELETE_TOPICS, 6, request, DeleteTopicsResponseData.class).responses());
  }

  private static DeleteTopicState named(String name) {
    return new DeleteTopicState().setName(name);
  }

  private static DeleteTopicState identified(Uuid id) {
    return new DeleteTopicState().setName(null).setTopicId(id);
  }

  private static void refused(Errors error, List<DeletableTopicResult> results) {
    assertEquals(1, results.size(), results::toString);
    assertEquals(error, Errors.forCode(results.getFirst().errorCode()));
  }

  @Test
  void a_topic_is_deleted_when_it_is_named_once() throws IOException {
    Uuid id = sluice.broker().topics().find("old").orElseThrow().id();
    refused(Errors.INVALID_REQUEST, delete(named("old"), named("old")));
    refused(Errors.INVALID_REQUEST, delete(identified(id), identified(id)));
    refused(Errors.INVALID_REQUEST, delete(named("old").setTopicId(id)));
    refused(Errors.INVALID_REQUEST, delete(identified(Uuid.ZERO_UUID)));
    refused(Errors.INVALID_REQUEST, delete(named("old"), identified(id)));
    assertTrue(sluice.broker().topics().find("old").isPresent());

    refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, delete(named("none")));
    List<DeletableTopicResult> unknown = delete(identified(Uuid.randomUuid()));
    refused(Errors.UNKNOWN_TOPIC_ID, unknown);
    assertNull(unknown.getFirst().name());
    refused(Errors.NONE, delete(identified(id)));
  }
}
