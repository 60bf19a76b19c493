package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A name that is said often is answered once: otherwise a request of some megabytes would be
 * answered with more than there is memory.
 */
class RepeatedNamesTest {

  private static final int TIMES = 4_000;
  private static final int PARTITIONS = 20;

  /** Of an answer that describes each thing once. */
  private static final int MAX_ANSWER = 16_000;

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("t").withPartitions(PARTITIONS));
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private static List<String> often(String name) {
    return Collections.nCopies(TIMES, name);
  }

  private static <T> List<T> each(IntFunction<T> make) {
    return IntStream.range(0, TIMES).mapToObj(make).toList();
  }

  private static Arguments row(ApiKeys key, int version, ApiMessage request) {
    return Arguments.of(key, version, request);
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        row(
            ApiKeys.DESCRIBE_TRANSACTIONS,
            0,
            new DescribeTransactionsRequestData().setTransactionalIds(often("x"))),
        row(
            ApiKeys.DESCRIBE_CONFIGS,
            4,
            new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setResources(
                    each(
                        i ->
                            new DescribeConfigsResource()
                                .setResourceType(ConfigResource.Type.TOPIC.id())
                                .setResourceName("t")
                                .setConfigurationKeys(null)))),
        row(
            ApiKeys.METADATA,
            12,
            new MetadataRequestData()
                .setTopics(each(i -> new MetadataRequestTopic().setName("t")))),
        row(
            ApiKeys.OFFSET_FETCH,
            9,
            new OffsetFetchRequestData()
                .setGroups(
                    each(
                        i ->
                            new OffsetFetchRequestGroup()
                                .setGroupId("g")
                                .setMemberId("m" + i)
                                .setTopics(null)))),
        row(ApiKeys.DESCRIBE_GROUPS, 6, new DescribeGroupsRequestData().setGroups(often("g"))),
        row(
            ApiKeys.CONSUMER_GROUP_DESCRIBE,
            1,
            new ConsumerGroupDescribeRequestData().setGroupIds(often("g"))),
        row(
            ApiKeys.SHARE_GROUP_DESCRIBE,
            1,
            new ShareGroupDescribeRequestData().setGroupIds(often("g"))),
        row(
            ApiKeys.STREAMS_GROUP_DESCRIBE,
            0,
            new StreamsGroupDescribeRequestData().setGroupIds(often("g"))),
        row(
            ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
            1,
            new DescribeShareGroupOffsetsRequestData()
                .setGroups(
                    each(
                        i ->
                            new DescribeShareGroupOffsetsRequestGroup()
                                .setGroupId("g")
                                .setTopics(null)))),
        row(
            ApiKeys.DESCRIBE_PRODUCERS,
            0,
            new DescribeProducersRequestData()
                .setTopics(
                    each(
                        i -> new TopicRequest().setName("t").setPartitionIndexes(List.of(0, 0))))));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("requests")
  void what_is_named_often_is_answered_once(ApiKeys key, int version, ApiMessage request)
      throws IOException {
    client.send(key, version, request);
    int bytes = client.readFrame().length;
    assertTrue(bytes < MAX_ANSWER, () -> "an answer of " + bytes + " bytes");
  }

  @Test
  void a_topic_by_its_id_has_one_description_whatever_it_is_called() throws IOException {
    Uuid id = sluice.broker().topics().find("t").orElseThrow().id();
    MetadataRequestData request =
        new MetadataRequestData()
            .setTopics(each(i -> new MetadataRequestTopic().setName("n" + i).setTopicId(id)));
    what_is_named_often_is_answered_once(ApiKeys.METADATA, 12, request);
  }

  @Test
  void of_a_transaction_that_is_named_twice_the_first_counts() throws IOException {
    AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      AddPartitionsToTxnTransaction transaction =
          new AddPartitionsToTxnTransaction().setTransactionalId("x").setVerifyOnly(true);
      transaction
          .topics()
          .add(new AddPartitionsToTxnTopic().setName("t").setPartitions(List.of(partition)));
      request.transactions().add(transaction);
    }
    AddPartitionsToTxnResponseData response =
        client.call(
            ApiKeys.ADD_PARTITIONS_TO_TXN, 5, request, AddPartitionsToTxnResponseData.class);
    assertEquals(1, response.resultsByTransaction().size());
    var partitions =
        response.resultsByTransaction().find("x").topicResults().find("t").resultsByPartition();
    assertEquals(1, partitions.size());
    assertEquals(0, partitions.iterator().next().partitionIndex());
  }
}
