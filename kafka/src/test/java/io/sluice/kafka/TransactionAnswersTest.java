package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each request of a transaction is answered with, in the order that goes wrong. */
class TransactionAnswersTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;
  private TransactionRequests asks;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice.broker().topics().create(NewTopic.named("t"));
    asks = new TransactionRequests(client, sluice);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  static Stream<Arguments> initRequests() {
    return Stream.of(
        Arguments.of(
            5,
            TransactionRequests.initRequest().setTransactionTimeoutMs(0),
            Errors.INVALID_TRANSACTION_TIMEOUT),
        Arguments.of(
            5,
            TransactionRequests.initRequest().setTransactionTimeoutMs(-1),
            Errors.INVALID_TRANSACTION_TIMEOUT),
        Arguments.of(
            5,
            TransactionRequests.initRequest().setTransactionTimeoutMs(900_001),
            Errors.INVALID_TRANSACTION_TIMEOUT),
        Arguments.of(
            5, TransactionRequests.initRequest().setTransactionalId(""), Errors.INVALID_REQUEST),
        Arguments.of(5, TransactionRequests.initRequest().setProducerId(7), Errors.INVALID_REQUEST),
        Arguments.of(
            5,
            TransactionRequests.initRequest().setProducerEpoch((short) 7),
            Errors.INVALID_REQUEST),
        Arguments.of(
            4,
            TransactionRequests.initRequest().setProducerId(77_777).setProducerEpoch((short) 0),
            Errors.PRODUCER_FENCED),
        Arguments.of(
            3,
            TransactionRequests.initRequest().setProducerId(77_777).setProducerEpoch((short) 0),
            Errors.INVALID_PRODUCER_EPOCH),
        Arguments.of(
            5, TransactionRequests.initRequest().setTransactionTimeoutMs(900_000), Errors.NONE));
  }

  @ParameterizedTest
  @MethodSource("initRequests")
  void init_producer_id(int version, InitProducerIdRequestData request, Errors expected)
      throws IOException {
    assertEquals(expected, Errors.forCode(asks.init(version, request).errorCode()));
  }

  @Test
  void each_init_gives_the_next_epoch_and_a_repeated_one_the_same() throws IOException {
    assertEquals(1, asks.init(5, TransactionRequests.initRequest()).producerEpoch());
    InitProducerIdRequestData known =
        TransactionRequests.initRequest()
            .setProducerId(asks.producerId())
            .setProducerEpoch((short) 1);
    assertEquals(2, asks.init(5, known).producerEpoch());
    assertEquals(2, asks.init(5, known).producerEpoch());
    assertEquals(
        Errors.PRODUCER_FENCED.code(), asks.init(5, known.setProducerEpoch((short) 0)).errorCode());
  }

  @ParameterizedTest
  @ValueSource(shorts = {0, 3})
  void partitions_are_added_all_or_none(short version) throws IOException {
    assertEquals(
        List.of(Errors.OPERATION_NOT_ATTEMPTED, Errors.UNKNOWN_TOPIC_OR_PARTITION),
        asks.add(version, TransactionRequests.ID, asks.producerId(), 0, "t", "nosuch"));
    assertEquals(
        List.of(Errors.NONE), asks.add(version, TransactionRequests.ID, asks.producerId(), 0, "t"));
    assertEquals(
        List.of(Errors.NONE), asks.add(version, TransactionRequests.ID, asks.producerId(), 0, "t"));
  }

  @Test
  void whoever_adds_no_partition_of_a_topic_hears_so() throws IOException {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    topics.add(new AddPartitionsToTxnTopic().setName("t"));
    AddPartitionsToTxnResponseData response =
        client.call(
            ApiKeys.ADD_PARTITIONS_TO_TXN,
            3,
            new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(TransactionRequests.ID)
                .setV3AndBelowProducerId(asks.producerId())
                .setV3AndBelowTopics(topics),
            AddPartitionsToTxnResponseData.class);
    assertEquals(
        List.of(), List.copyOf(response.resultsByTopicV3AndBelow().find("t").resultsByPartition()));
  }

  @Test
  void only_the_producer_of_now_adds_partitions() throws IOException {
    assertEquals(
        List.of(Errors.INVALID_PRODUCER_ID_MAPPING),
        asks.add(3, "stranger", asks.producerId(), 0, "t"));
    assertEquals(
        List.of(Errors.INVALID_PRODUCER_ID_MAPPING),
        asks.add(3, TransactionRequests.ID, asks.producerId() + 1, 0, "t"));
    assertEquals(List.of(Errors.INVALID_REQUEST), asks.add(3, "", asks.producerId(), 0, "t"));
    assertEquals(
        List.of(Errors.PRODUCER_FENCED),
        asks.add(2, TransactionRequests.ID, asks.producerId(), 1, "t"));
    assertEquals(
        List.of(Errors.INVALID_PRODUCER_EPOCH),
        asks.add(1, TransactionRequests.ID, asks.producerId(), 1, "t"));
    assertEquals(
        Errors.INVALID_PRODUCER_EPOCH,
        asks.addOffsets(1, TransactionRequests.ID, 1),
        "the same for a group's offsets");
    assertEquals(Errors.PRODUCER_FENCED, asks.addOffsets(4, TransactionRequests.ID, 1));
    assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, asks.addOffsets(4, "stranger", 0));
    assertEquals(Errors.NONE, asks.addOffsets(4, TransactionRequests.ID, 0));
  }

  @Test
  void partitions_are_verified_for_other_brokers() throws IOException {
    assertEquals(Errors.TRANSACTION_ABORTABLE, asks.verify());
    asks.add(3, TransactionRequests.ID, asks.producerId(), 0, "t");
    assertEquals(Errors.NONE, asks.verify());
  }

  @Test
  void version_1_ends_what_has_begun_and_nothing_else() throws IOException {
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(4, 0, true), "nothing has begun");
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(4, 0, false));
    asks.add(3, TransactionRequests.ID, asks.producerId(), 0, "t");
    assertEquals(Errors.PRODUCER_FENCED, asks.end(4, 1, true));
    assertEquals(Errors.INVALID_PRODUCER_EPOCH, asks.end(1, 1, true));
    assertEquals(Errors.NONE, asks.end(4, 0, true));
    assertEquals(Errors.NONE, asks.endedAgain(4, 0, true), "an answer that was lost");
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(4, 0, false));
    asks.add(3, TransactionRequests.ID, asks.producerId(), 0, "t");
    assertEquals(Errors.NONE, asks.end(4, 0, false));
    assertEquals(Errors.NONE, asks.endedAgain(4, 0, false));
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(4, 0, true));
  }

  @Test
  void version_2_gives_the_next_epoch_with_each_end() throws IOException {
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(5, 0, true), "nothing has begun");
    EndTxnResponseData aborted = asks.endTxn(5, 0, false);
    assertEquals(Errors.NONE.code(), aborted.errorCode(), "it may not know whether it has begun");
    assertEquals(asks.producerId(), aborted.producerId());
    assertEquals(1, aborted.producerEpoch());
    assertEquals(Errors.NONE, asks.endedAgain(5, 0, false), "an answer that was lost");
    assertEquals(Errors.INVALID_TXN_STATE, asks.end(5, 0, true));
    assertEquals(Errors.NONE, asks.produce(13, TransactionRequests.ID, 1, 0));
    assertEquals(2, asks.endTxn(5, 1, true).producerEpoch());
    assertEquals(Errors.NONE, asks.endedAgain(5, 1, true));
    assertEquals(2, asks.endTxn(5, 1, true).producerEpoch(), "asking again gives no other epoch");
    assertEquals(Errors.PRODUCER_FENCED, asks.end(5, 0, true));
    assertEquals(Errors.PRODUCER_FENCED, asks.end(5, 3, true));
    assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, asks.endOf(5, "stranger", true));
    assertEquals(Errors.INVALID_REQUEST, asks.endOf(5, "", true));
  }

  @Test
  void records_go_into_partitions_that_are_part_of_the_transaction() throws IOException {
    assertEquals(Errors.INVALID_TXN_STATE, asks.produce(10, TransactionRequests.ID, 0, 0));
    assertEquals(Errors.TRANSACTION_ABORTABLE, asks.produce(11, TransactionRequests.ID, 0, 0));
    assertEquals(Errors.INVALID_PRODUCER_ID_MAPPING, asks.produce(13, "stranger", 0, 0));
    assertEquals(Errors.INVALID_PRODUCER_EPOCH, asks.produce(13, TransactionRequests.ID, 1, 0));
    assertEquals(Errors.NONE, asks.produce(13, TransactionRequests.ID, 0, 0));
    assertEquals(Errors.NONE, asks.produce(10, TransactionRequests.ID, 0, 1));
    assertEquals(Errors.NONE, asks.end(4, 0, true));
    assertEquals(Errors.NONE, asks.endedAgain(4, 0, true));
    assertEquals(
        Errors.INVALID_TXN_STATE, asks.produce(10, TransactionRequests.ID, 0, 2), "it is over");
  }

  @Test
  void a_producer_that_was_fenced_writes_nothing() throws IOException {
    assertEquals(Errors.NONE, asks.produce(13, TransactionRequests.ID, 0, 0));
    while (asks.init(5, TransactionRequests.initRequest()).errorCode()
        == Errors.CONCURRENT_TRANSACTIONS.code()) {
      Thread.onSpinWait();
    }
    assertEquals(Errors.INVALID_PRODUCER_EPOCH, asks.produce(13, TransactionRequests.ID, 0, 1));
    assertEquals(Errors.PRODUCER_FENCED, asks.end(5, 0, true));
  }

  @Test
  void offsets_are_committed_for_partitions_that_exist() throws IOException {
    assertEquals(
        List.of(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE),
        asks.commitOffsets(5, "nosuch", "t"));
    assertEquals(Errors.NONE, asks.end(5, 0, true));
    assertEquals(Errors.NONE, asks.endedAgain(5, 0, true));
    assertEquals(List.of(Errors.INVALID_PRODUCER_EPOCH), asks.commitOffsets(5, "t"), "it is over");
  }

  @Test
  void transactions_are_described_and_listed() throws IOException {
    asks.add(3, TransactionRequests.ID, asks.producerId(), 0, "t");
    DescribeTransactionsResponseData described =
        client.call(
            ApiKeys.DESCRIBE_TRANSACTIONS,
            0,
            new DescribeTransactionsRequestData()
                .setTransactionalIds(List.of(TransactionRequests.ID, "stranger", "")),
            DescribeTransactionsResponseData.class);
    assertEquals("Ongoing", described.transactionStates().get(0).transactionState());
    assertEquals(List.of(0), described.transactionStates().get(0).topics().find("t").partitions());
    assertEquals(
        List.of(Errors.NONE, Errors.TRANSACTIONAL_ID_NOT_FOUND, Errors.INVALID_REQUEST),
        described.transactionStates().stream()
            .map(each -> Errors.forCode(each.errorCode()))
            .toList());
    assertEquals(1, asks.list(new ListTransactionsRequestData()).transactionStates().size());
    assertEquals(
        1,
        asks.list(new ListTransactionsRequestData().setTransactionalIdPattern("pay.*"))
            .transactionStates()
            .size());
    assertEquals(
        List.of(),
        asks.list(new ListTransactionsRequestData().setTransactionalIdPattern("pay"))
            .transactionStates());
    assertEquals(
        List.of(),
        asks.list(new ListTransactionsRequestData().setDurationFilter(60_000)).transactionStates());
    ListTransactionsResponseData filtered =
        asks.list(
            new ListTransactionsRequestData().setStateFilters(List.of("Empty", "Odd", "Odd")));
    assertEquals(List.of("Odd"), filtered.unknownStateFilters());
    assertEquals(List.of(), filtered.transactionStates());
    assertEquals(
        Errors.INVALID_REGULAR_EXPRESSION.code(),
        asks.list(new ListTransactionsRequestData().setTransactionalIdPattern("(")).errorCode());
  }

  @Test
  void producers_of_a_partition_are_described() throws IOException {
    asks.produce(13, TransactionRequests.ID, 0, 0);
    DescribeProducersRequestData request =
        new DescribeProducersRequestData()
            .setTopics(
                List.of(
                    TransactionRequests.topic("t", 0, 1),
                    TransactionRequests.topic("nosuch", 0),
                    TransactionRequests.topic("no name", 0)));
    DescribeProducersResponseData described =
        client.call(ApiKeys.DESCRIBE_PRODUCERS, 0, request, DescribeProducersResponseData.class);
    assertEquals(
        List.of(
            Errors.NONE,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.INVALID_TOPIC_EXCEPTION),
        described.topics().stream()
            .flatMap(topic -> topic.partitions().stream())
            .map(each -> Errors.forCode(each.errorCode()))
            .toList());
    var active = described.topics().get(0).partitions().get(0).activeProducers().get(0);
    assertEquals(asks.producerId(), active.producerId());
    assertEquals(0, active.currentTxnStartOffset());
  }

  @Test
  void an_administrator_ends_a_transaction_in_a_partition() throws IOException {
    asks.produce(13, TransactionRequests.ID, 0, 0);
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, asks.mark("t", 9, 0));
    assertEquals(Errors.NONE, asks.mark("t", 0, 0));
    assertEquals(1, sluice.broker().topics().partition("t", 0).lastStableOffset() - 1);
  }
}
