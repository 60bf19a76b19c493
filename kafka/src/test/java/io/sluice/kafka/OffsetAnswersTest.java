package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which offsets there are, and what is said of those that there are not, as by Apache Kafka. */
class OffsetAnswersTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice.broker().topics().create(NewTopic.named("t").withConfigs(Map.of("retention.ms", "-1")));
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (long time : new long[] {1_000, 3_000, 2_000}) {
        producer.send(new ProducerRecord<>("t", 0, time, "k", "v")).get();
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private static ListOffsetsPartition at(long timestamp) {
    return new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp);
  }

  private List<ListOffsetsPartitionResponse> list(int version, ListOffsetsPartition... partitions)
      throws IOException {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(partitions))));
    return client
        .call(ApiKeys.LIST_OFFSETS, version, request, ListOffsetsResponseData.class)
        .topics()
        .getFirst()
        .partitions();
  }

  @Test
  void there_are_two_isolation_levels() throws IOException {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setIsolationLevel((byte) 2)
            .setTopics(
                List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(at(1_000)))));
    try (LogLines lines = new LogLines()) {
      ListOffsetsResponseData response =
          client.call(ApiKeys.LIST_OFFSETS, 8, request, ListOffsetsResponseData.class);
      assertEquals(
          Errors.INVALID_REQUEST.code(),
          response.topics().getFirst().partitions().getFirst().errorCode());
      assertEquals(List.of(), lines.seen());
    }
  }

  private void lists(int version, long timestamp, Errors error, long offset) throws IOException {
    ListOffsetsPartitionResponse found = list(version, at(timestamp)).getFirst();
    String asked = "timestamp " + timestamp + " in version " + version;
    assertEquals(error, Errors.forCode(found.errorCode()), asked);
    assertEquals(offset, found.offset(), asked);
  }

  @Test
  void special_timestamps_are_known_from_the_version_that_defines_them() throws IOException {
    for (int version = 1; version <= 11; version++) {
      lists(version, -1, Errors.NONE, 3);
      lists(version, -2, Errors.NONE, 0);
      lists(version, 2_500, Errors.NONE, 1);
      lists(version, 9_000, Errors.NONE, -1);
      lists(
          version,
          -3,
          version < 7 ? Errors.UNSUPPORTED_VERSION : Errors.NONE,
          version < 7 ? -1 : 1);
      lists(
          version,
          -4,
          version < 8 ? Errors.UNSUPPORTED_VERSION : Errors.NONE,
          version < 8 ? -1 : 0);
      lists(version, -5, version < 9 ? Errors.UNSUPPORTED_VERSION : Errors.NONE, -1);
      lists(version, -6, version < 11 ? Errors.UNSUPPORTED_VERSION : Errors.NONE, -1);
      lists(version, -7, Errors.UNSUPPORTED_VERSION, -1);
    }
  }

  @Test
  void a_partition_is_asked_for_once_and_by_its_leader_epoch() throws IOException {
    for (ListOffsetsPartitionResponse each : list(7, at(-1), at(-2))) {
      assertEquals(Errors.INVALID_REQUEST, Errors.forCode(each.errorCode()));
    }
    Errors ahead = Errors.forCode(list(7, at(-1).setCurrentLeaderEpoch(5)).getFirst().errorCode());
    assertEquals(Errors.UNKNOWN_LEADER_EPOCH, ahead);
    Errors missing = Errors.forCode(list(7, at(-1).setPartitionIndex(4)).getFirst().errorCode());
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, missing);
  }

  private DeleteRecordsPartitionResult delete(String topic, int partition, long offset)
      throws IOException {
    DeleteRecordsRequestData request =
        new DeleteRecordsRequestData()
            .setTimeoutMs(10_000)
            .setTopics(
                List.of(
                    new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new DeleteRecordsPartition()
                                    .setPartitionIndex(partition)
                                    .setOffset(offset)))));
    return client
        .call(ApiKeys.DELETE_RECORDS, 2, request, DeleteRecordsResponseData.class)
        .topics()
        .iterator()
        .next()
        .partitions()
        .iterator()
        .next();
  }

  private void refuses(Errors error, String topic, int partition, long offset) throws IOException {
    DeleteRecordsPartitionResult result = delete(topic, partition, offset);
    assertEquals(error, Errors.forCode(result.errorCode()));
    assertEquals(-1, result.lowWatermark());
  }

  @Test
  void records_are_deleted_up_to_an_offset_that_exists() throws IOException {
    refuses(Errors.OFFSET_OUT_OF_RANGE, "t", 0, -2);
    refuses(Errors.OFFSET_OUT_OF_RANGE, "t", 0, 4);
    refuses(Errors.UNKNOWN_TOPIC_OR_PARTITION, "t", 1, 0);
    refuses(Errors.UNKNOWN_TOPIC_OR_PARTITION, "none", 0, 0);
    assertEquals(2, delete("t", 0, 2).lowWatermark());
    assertEquals(2, delete("t", 0, 1).lowWatermark());
    assertEquals(3, delete("t", 0, -1).lowWatermark());
  }

  @Test
  void records_stay_where_the_policy_is_to_compact_and_in_internal_topics() throws Exception {
    sluice
        .broker()
        .topics()
        .create(NewTopic.named("compacted").withConfigs(Map.of("cleanup.policy", "compact")));
    refuses(Errors.POLICY_VIOLATION, "compacted", 0, 0);
    sluice
        .broker()
        .topics()
        .create(NewTopic.named("both").withConfigs(Map.of("cleanup.policy", "compact,delete")));
    assertEquals(0, delete("both", 0, 0).lowWatermark());
    try (org.apache.kafka.clients.admin.Admin admin = sluice.admin()) {
      admin.listGroups().all().get();
    }
    refuses(Errors.INVALID_TOPIC_EXCEPTION, "__consumer_offsets", 0, 0);
  }

  private InitProducerIdResponseData producer(long id, int epoch) throws IOException {
    return client.call(
        ApiKeys.INIT_PRODUCER_ID,
        4,
        new InitProducerIdRequestData()
            .setTransactionalId(null)
            .setTransactionTimeoutMs(Integer.MAX_VALUE)
            .setProducerId(id)
            .setProducerEpoch((short) epoch),
        InitProducerIdResponseData.class);
  }

  @Test
  void a_producer_has_an_id_and_an_epoch_or_neither() throws IOException {
    assertEquals(Errors.INVALID_REQUEST, Errors.forCode(producer(5, -1).errorCode()));
    assertEquals(Errors.INVALID_REQUEST, Errors.forCode(producer(-1, 5).errorCode()));
    InitProducerIdResponseData first = producer(-1, -1);
    assertEquals(Errors.NONE, Errors.forCode(first.errorCode()));
    InitProducerIdResponseData second = producer(first.producerId(), 3);
    assertEquals(Errors.NONE, Errors.forCode(second.errorCode()));
    assertEquals(0, second.producerEpoch());
    assertTrue(second.producerId() > first.producerId());
  }

  @Test
  void producer_ids_never_come_back() throws IOException {
    long last = producer(-1, -1).producerId();
    for (int restart = 0; restart < 3; restart++) {
      client.close();
      sluice.close();
      sluice = RunningListener.in(folder);
      client = new RawClient(sluice.connect());
      long next = producer(-1, -1).producerId();
      assertTrue(next > last);
      last = next;
    }
  }

  private EpochEndOffset epochEnd(int partition, int known, int epoch) throws IOException {
    OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
    request
        .topics()
        .mustAdd(
            new OffsetForLeaderTopic()
                .setTopic("t")
                .setPartitions(
                    List.of(
                        new OffsetForLeaderPartition()
                            .setPartition(partition)
                            .setCurrentLeaderEpoch(known)
                            .setLeaderEpoch(epoch))));
    return client
        .call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, request, OffsetForLeaderEpochResponseData.class)
        .topics()
        .iterator()
        .next()
        .partitions()
        .getFirst();
  }

  @Test
  void the_end_of_an_epoch_is_known_for_epochs_that_were() throws IOException {
    assertEquals(3, epochEnd(0, 0, 0).endOffset());
    assertEquals(0, epochEnd(0, -1, 0).leaderEpoch());
    for (int epoch : new int[] {-1, 5}) {
      EpochEndOffset unknown = epochEnd(0, 0, epoch);
      assertEquals(Errors.NONE, Errors.forCode(unknown.errorCode()));
      assertEquals(-1, unknown.endOffset());
      assertEquals(-1, unknown.leaderEpoch());
    }
    assertEquals(Errors.UNKNOWN_LEADER_EPOCH, Errors.forCode(epochEnd(0, 5, 0).errorCode()));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.forCode(epochEnd(9, 0, 0).errorCode()));
  }
}
