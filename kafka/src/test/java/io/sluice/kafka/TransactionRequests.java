package io.sluice.kafka;

import io.sluice.broker.Topic;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** The requests of one transactional producer, whatever it has to say. Owned by one thread. */
final class TransactionRequests {

  static final String ID = "payments";

  private final RawClient client;
  private final RunningListener sluice;
  private final long producer;

  /** A producer that has its id, and epoch 0. */
  TransactionRequests(RawClient client, RunningListener sluice) throws IOException {
    this.client = client;
    this.sluice = sluice;
    this.producer =
        client
            .call(ApiKeys.INIT_PRODUCER_ID, 5, initRequest(), InitProducerIdResponseData.class)
            .producerId();
  }

  long producerId() {
    return producer;
  }

  static InitProducerIdRequestData initRequest() {
    return new InitProducerIdRequestData().setTransactionalId(ID).setTransactionTimeoutMs(60_000);
  }

  InitProducerIdResponseData init(int version, InitProducerIdRequestData request)
      throws IOException {
    return client.call(
        ApiKeys.INIT_PRODUCER_ID, version, request, InitProducerIdResponseData.class);
  }

  private static AddPartitionsToTxnTopicCollection named(String... names) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    for (String name : names) {
      topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0)));
    }
    return topics;
  }

  /** The errors in the order of the names. */
  List<Errors> add(int version, String id, long producerId, int epoch, String... names)
      throws IOException {
    AddPartitionsToTxnRequestData request =
        new AddPartitionsToTxnRequestData()
            .setV3AndBelowTransactionalId(id)
            .setV3AndBelowProducerId(producerId)
            .setV3AndBelowProducerEpoch((short) epoch)
            .setV3AndBelowTopics(named(names));
    AddPartitionsToTxnResponseData response =
        client.call(
            ApiKeys.ADD_PARTITIONS_TO_TXN, version, request, AddPartitionsToTxnResponseData.class);
    return Stream.of(names)
        .map(name -> response.resultsByTopicV3AndBelow().find(name))
        .map(TransactionRequests::only)
        .toList();
  }

  private static Errors only(AddPartitionsToTxnTopicResult topic) {
    return Errors.forCode(topic.resultsByPartition().iterator().next().partitionErrorCode());
  }

  Errors verify() throws IOException {
    AddPartitionsToTxnTransactionCollection transactions =
        new AddPartitionsToTxnTransactionCollection();
    transactions.add(
        new AddPartitionsToTxnTransaction()
            .setTransactionalId(ID)
            .setProducerId(producer)
            .setVerifyOnly(true)
            .setTopics(named("t")));
    return only(
        client
            .call(
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                5,
                new AddPartitionsToTxnRequestData().setTransactions(transactions),
                AddPartitionsToTxnResponseData.class)
            .resultsByTransaction()
            .find(ID)
            .topicResults()
            .find("t"));
  }

  Errors addOffsets(int version, String id, int epoch) throws IOException {
    return Errors.forCode(
        client
            .call(
                ApiKeys.ADD_OFFSETS_TO_TXN,
                version,
                new AddOffsetsToTxnRequestData()
                    .setTransactionalId(id)
                    .setProducerId(producer)
                    .setProducerEpoch((short) epoch)
                    .setGroupId("g"),
                AddOffsetsToTxnResponseData.class)
            .errorCode());
  }

  EndTxnResponseData endTxn(int version, int epoch, boolean commit) throws IOException {
    return endTxn(version, ID, epoch, commit);
  }

  private EndTxnResponseData endTxn(int version, String id, int epoch, boolean commit)
      throws IOException {
    return client.call(
        ApiKeys.END_TXN,
        version,
        new EndTxnRequestData()
            .setTransactionalId(id)
            .setProducerId(producer)
            .setProducerEpoch((short) epoch)
            .setCommitted(commit),
        EndTxnResponseData.class);
  }

  Errors end(int version, int epoch, boolean commit) throws IOException {
    return Errors.forCode(endTxn(version, epoch, commit).errorCode());
  }

  Errors endOf(int version, String id, boolean commit) throws IOException {
    return Errors.forCode(endTxn(version, id, 0, commit).errorCode());
  }

  /** Asks as long as the markers are being written. */
  Errors endedAgain(int version, int epoch, boolean commit) throws IOException {
    Errors answer = end(version, epoch, commit);
    while (answer == Errors.CONCURRENT_TRANSACTIONS) {
      answer = end(version, epoch, commit);
    }
    return answer;
  }

  Errors produce(int version, String id, int epoch, int sequence) throws IOException {
    Topic topic = sluice.broker().topics().find("t").orElseThrow();
    MemoryRecords records =
        MemoryRecords.withTransactionalRecords(
            Compression.NONE,
            producer,
            (short) epoch,
            sequence,
            new SimpleRecord(Instant.now().toEpochMilli(), new byte[] {1}));
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.mustAdd(
        new TopicProduceData()
            .setName(version < 13 ? "t" : "")
            .setTopicId(version < 13 ? Uuid.ZERO_UUID : topic.id())
            .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
    ProduceRequestData request =
        new ProduceRequestData()
            .setTransactionalId(id)
            .setAcks((short) -1)
            .setTimeoutMs(10_000)
            .setTopicData(topics);
    return Errors.forCode(
        client
            .call(ApiKeys.PRODUCE, version, request, ProduceResponseData.class)
            .responses()
            .iterator()
            .next()
            .partitionResponses()
            .get(0)
            .errorCode());
  }

  /** The errors in the order of the names. */
  List<Errors> commitOffsets(int version, String... names) throws IOException {
    TxnOffsetCommitRequestPartition partition =
        new TxnOffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(3);
    TxnOffsetCommitResponseData response =
        client.call(
            ApiKeys.TXN_OFFSET_COMMIT,
            version,
            new TxnOffsetCommitRequestData()
                .setTransactionalId(ID)
                .setGroupId("g")
                .setProducerId(producer)
                .setTopics(
                    Stream.of(names)
                        .map(
                            name ->
                                new TxnOffsetCommitRequestTopic()
                                    .setName(name)
                                    .setPartitions(List.of(partition.duplicate())))
                        .toList()),
            TxnOffsetCommitResponseData.class);
    return response.topics().stream()
        .map(topic -> Errors.forCode(topic.partitions().get(0).errorCode()))
        .toList();
  }

  ListTransactionsResponseData list(ListTransactionsRequestData request) throws IOException {
    return client.call(ApiKeys.LIST_TRANSACTIONS, 2, request, ListTransactionsResponseData.class);
  }

  static DescribeProducersRequestData.TopicRequest topic(String name, Integer... partitions) {
    return new DescribeProducersRequestData.TopicRequest()
        .setName(name)
        .setPartitionIndexes(List.of(partitions));
  }

  Errors mark(String topic, int partition, int epoch) throws IOException {
    WritableTxnMarker marker =
        new WritableTxnMarker()
            .setProducerId(producer)
            .setProducerEpoch((short) epoch)
            .setTransactionResult(false)
            .setTopics(
                List.of(
                    new WritableTxnMarkerTopic()
                        .setName(topic)
                        .setPartitionIndexes(List.of(partition))));
    return Errors.forCode(
        client
            .call(
                ApiKeys.WRITE_TXN_MARKERS,
                1,
                new WriteTxnMarkersRequestData().setMarkers(List.of(marker)),
                WriteTxnMarkersResponseData.class)
            .markers()
            .get(0)
            .topics()
            .get(0)
            .partitions()
            .get(0)
            .errorCode());
  }
}
