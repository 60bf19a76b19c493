package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Requests about topics and their records, right and wrong. */
final class TopicRequests {

  private static final long EARLIEST = -2;
  private static final long LATEST = -1;
  private static final long MAX_TIMESTAMP = -3;
  private static final int MAX_BYTES = 1 << 20;

  private TopicRequests() {}

  static List<Comparison> all() {
    List<Comparison> all = new ArrayList<>(creations());
    all.addAll(partitions());
    all.addAll(metadata());
    all.addAll(records());
    all.addAll(deletions());
    return all;
  }

  private static CreatableTopic topic(String name, int partitions, int replicas) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicas);
  }

  private static CreatableTopic assigned(String name, int... brokers) {
    CreatableTopic topic = topic(name, -1, -1);
    for (int i = 0; i < brokers.length; i++) {
      topic
          .assignments()
          .add(
              new CreatableReplicaAssignment()
                  .setPartitionIndex(i)
                  .setBrokerIds(List.of(brokers[i])));
    }
    return topic;
  }

  private static CreatableTopic configured(String topic, String name, String value) {
    CreatableTopic configured = topic(topic, 1, 1);
    configured.configs().add(new CreatableTopicConfig().setName(name).setValue(value));
    return configured;
  }

  private static Comparison create(String name, CreatableTopic... topics) {
    return create(name, false, topics);
  }

  private static Comparison create(String name, boolean validateOnly, CreatableTopic... topics) {
    CreateTopicsRequestData request =
        new CreateTopicsRequestData().setTimeoutMs(10_000).setValidateOnly(validateOnly);
    for (CreatableTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    return Comparison.of(name, ApiKeys.CREATE_TOPICS, 7, request);
  }

  private static List<Comparison> creations() {
    return List.of(
        // Its records bear timestamps of long ago.
        create("create a topic", configured("t", "retention.ms", "-1").setNumPartitions(2)),
        create("create a topic by defaults", topic("defaults", -1, -1)),
        create("create a topic with configs", configured("configured", "retention.ms", "1000")),
        create("create assigned partitions", assigned("assigned", 1, 1)),
        create("create only to validate", true, topic("validated", 3, 1)),
        create("create a topic that exists", topic("t", 1, 1)),
        create("create two that are named alike", topic("twice", 1, 1), topic("twice", 2, 1)),
        create("create with an invalid name", topic("a b", 1, 1)),
        create("create with no name", topic("", 1, 1)),
        create("create with two dots", topic("..", 1, 1)),
        create("create with too many replicas", topic("replicas", 1, 2)),
        create("create with no replicas", topic("replicas", 1, 0)),
        create("create with no partitions", topic("none", 0, 1)),
        create("create with fewer than no partitions", topic("none", -2, 1)),
        create("create on an unknown broker", assigned("unknown", 9)),
        create("create with a number and an assignment", assigned("both", 1).setNumPartitions(1)),
        create("create with an unknown config", configured("bad", "no.such.config", "1")),
        create("create with an illegal config", configured("bad", "retention.ms", "x")),
        create("create with a null config", configured("bad", "retention.ms", null)));
  }

  private static Comparison grow(String name, CreatePartitionsTopic topic) {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(10_000);
    request
        .topics()
        .mustAdd(topic.setAssignments(topic.assignments().isEmpty() ? null : topic.assignments()));
    return Comparison.of(name, ApiKeys.CREATE_PARTITIONS, 3, request);
  }

  private static CreatePartitionsTopic total(String topic, int count) {
    return new CreatePartitionsTopic().setName(topic).setCount(count);
  }

  private static List<Comparison> partitions() {
    List<CreatePartitionsAssignment> elsewhere =
        List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(9)));
    return List.of(
        grow("add partitions", total("t", 3)),
        grow("add no partitions", total("t", 3)),
        grow("take partitions away", total("t", 1)),
        grow("have no partitions", total("t", 0)),
        grow("add partitions to an unknown topic", total("unknown", 3)),
        grow("add partitions elsewhere", total("t", 4).setAssignments(elsewhere)),
        grow("add more partitions than assigned", total("t", 9).setAssignments(elsewhere)));
  }

  private static Comparison metadata(String name, MetadataRequestTopic... topics) {
    return Comparison.of(
        name,
        ApiKeys.METADATA,
        13,
        new MetadataRequestData()
            .setAllowAutoTopicCreation(false)
            .setIncludeTopicAuthorizedOperations(true)
            .setTopics(List.of(topics)));
  }

  private static List<Comparison> metadata() {
    DescribeTopicPartitionsRequestData described =
        new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(2);
    described.topics().add(new TopicRequest().setName("t"));
    described.topics().add(new TopicRequest().setName("unknown"));
    return List.of(
        metadata("metadata of a topic", new MetadataRequestTopic().setName("t")),
        metadata("metadata of an unknown topic", new MetadataRequestTopic().setName("unknown")),
        metadata("metadata of an invalid name", new MetadataRequestTopic().setName("a b")),
        metadata(
            "metadata of an unknown id",
            new MetadataRequestTopic().setName(null).setTopicId(new Uuid(7, 7))),
        metadata("metadata of no topic"),
        Comparison.of(
            "metadata of all topics",
            ApiKeys.METADATA,
            13,
            new MetadataRequestData().setTopics(null)),
        Comparison.of("describe topics", ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, described));
  }

  private static Comparison produce(String name, String topic, int partition, int acks) {
    return new Comparison(
        name,
        ApiKeys.PRODUCE,
        12,
        ids -> {
          PartitionProduceData data =
              new PartitionProduceData()
                  .setIndex(partition)
                  .setRecords(
                      MemoryRecords.withRecords(
                          Compression.NONE,
                          new SimpleRecord(1_000, new byte[] {1}, new byte[] {2}),
                          new SimpleRecord(2_000, new byte[] {1}, new byte[] {3})));
          ProduceRequestData request =
              new ProduceRequestData().setAcks((short) acks).setTimeoutMs(10_000);
          request
              .topicData()
              .add(new TopicProduceData().setName(topic).setPartitionData(List.of(data)));
          return request;
        });
  }

  private static Comparison offsets(String name, String topic, int partition, long timestamp) {
    ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1);
    request
        .topics()
        .add(
            new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(
                    List.of(
                        new ListOffsetsPartition()
                            .setPartitionIndex(partition)
                            .setTimestamp(timestamp))));
    return Comparison.of(name, ApiKeys.LIST_OFFSETS, 9, request);
  }

  private static Comparison fetch(String name, String topic, int partition, long offset) {
    return Comparison.of(
        name,
        ApiKeys.FETCH,
        12,
        fetchOf(new FetchTopic().setTopic(topic).setPartitions(List.of(of(partition, offset)))));
  }

  private static FetchPartition of(int partition, long offset) {
    return new FetchPartition()
        .setPartition(partition)
        .setFetchOffset(offset)
        .setPartitionMaxBytes(MAX_BYTES);
  }

  private static FetchRequestData fetchOf(FetchTopic topic) {
    FetchRequestData request = new FetchRequestData().setMaxBytes(MAX_BYTES).setMaxWaitMs(0);
    request.topics().add(topic);
    return request;
  }

  private static Comparison delete(String name, String topic, int partition, long offset) {
    DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(10_000);
    request
        .topics()
        .add(
            new DeleteRecordsTopic()
                .setName(topic)
                .setPartitions(
                    List.of(
                        new DeleteRecordsPartition()
                            .setPartitionIndex(partition)
                            .setOffset(offset))));
    return Comparison.of(name, ApiKeys.DELETE_RECORDS, 2, request);
  }

  private static List<Comparison> records() {
    OffsetForLeaderEpochRequestData epoch = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
    epoch
        .topics()
        .mustAdd(
            new OffsetForLeaderTopic()
                .setTopic("t")
                .setPartitions(
                    List.of(
                        new OffsetForLeaderPartition().setPartition(0).setLeaderEpoch(0),
                        new OffsetForLeaderPartition().setPartition(9).setLeaderEpoch(0))));
    return List.of(
        produce("produce", "t", 0, -1),
        produce("produce with acks=1", "t", 0, 1),
        produce("produce with acks=5", "t", 0, 5),
        produce("produce to an unknown partition", "t", 9, -1),
        produce("produce to a negative partition", "t", -1, -1),
        produce("produce to an unknown topic", "unknown", 0, -1),
        produce("produce to an invalid topic", "a b", 0, -1),
        offsets("earliest offset", "t", 0, EARLIEST),
        offsets("latest offset", "t", 0, LATEST),
        offsets("offset of the greatest timestamp", "t", 0, MAX_TIMESTAMP),
        offsets("offset of a timestamp", "t", 0, 1_500),
        offsets("offset of a timestamp to come", "t", 0, 3_000),
        offsets("offset of an unknown partition", "t", 9, LATEST),
        offsets("offset of an unknown topic", "unknown", 0, LATEST),
        offsets("offset of an unknown kind", "t", 0, -99),
        fetch("fetch", "t", 0, 0),
        fetch("fetch at the end", "t", 0, 4),
        fetch("fetch beyond the end", "t", 0, 5),
        fetch("fetch at a negative offset", "t", 0, -1),
        fetch("fetch of an unknown partition", "t", 9, 0),
        fetch("fetch of an unknown topic", "unknown", 0, 0),
        new Comparison(
            "fetch by id",
            ApiKeys.FETCH,
            17,
            ids ->
                fetchOf(
                    new FetchTopic()
                        .setTopicId(ids.topic("t"))
                        .setPartitions(List.of(of(0, 0), of(9, 0))))),
        Comparison.of(
            "fetch by an unknown id",
            ApiKeys.FETCH,
            17,
            fetchOf(new FetchTopic().setTopicId(new Uuid(7, 7)).setPartitions(List.of(of(0, 0))))),
        Comparison.of("end of an epoch", ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, epoch),
        delete("delete records", "t", 0, 1),
        delete("delete all records", "t", 0, -1),
        delete("delete records beyond the end", "t", 0, 99),
        delete("delete records before a negative offset", "t", 0, -2),
        delete("delete records of an unknown partition", "t", 9, 1),
        delete("delete records of an unknown topic", "unknown", 0, 1),
        fetch("fetch before the beginning", "t", 0, 0));
  }

  private static Comparison deleteTopics(String name, DeleteTopicState... topics) {
    return Comparison.of(
        name,
        ApiKeys.DELETE_TOPICS,
        6,
        new DeleteTopicsRequestData().setTimeoutMs(10_000).setTopics(List.of(topics)));
  }

  private static List<Comparison> deletions() {
    DeleteTopicState defaults = new DeleteTopicState().setName("defaults");
    return List.of(
        deleteTopics("delete a topic", defaults),
        deleteTopics("delete an unknown topic", new DeleteTopicState().setName("unknown")),
        deleteTopics(
            "delete an unknown id",
            new DeleteTopicState().setName(null).setTopicId(new Uuid(7, 7))),
        deleteTopics(
            "delete by name and id",
            new DeleteTopicState().setName("t").setTopicId(new Uuid(7, 7))));
  }
}
