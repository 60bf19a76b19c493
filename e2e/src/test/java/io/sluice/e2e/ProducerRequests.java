package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * What a transactional producer sends.
 *
 * @param id its transactional id
 * @param producer the id of the producer, if it is not the one that the broker has given
 */
record ProducerRequests(String id, OptionalLong producer, int epoch) {

  static ProducerRequests of(String id, int epoch) {
    return new ProducerRequests(id, OptionalLong.empty(), epoch);
  }

  /** One that has made up its producer id. */
  static ProducerRequests stranger(String id, int epoch) {
    return new ProducerRequests(id, OptionalLong.of(987_654_321), epoch);
  }

  private long producerId(BrokerIds ids) {
    return producer.isPresent() ? producer.getAsLong() : ids.producer(id);
  }

  /** The first InitProducerId of a process. */
  static Comparison begin(String name, String id, int timeoutMs) {
    return Comparison.of(
        name,
        ApiKeys.INIT_PRODUCER_ID,
        5,
        new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(timeoutMs));
  }

  /** InitProducerId of a producer that goes on after a failure. */
  Comparison resume(String name, int version) {
    return new Comparison(
        name,
        ApiKeys.INIT_PRODUCER_ID,
        version,
        ids ->
            new InitProducerIdRequestData()
                .setTransactionalId(id)
                .setTransactionTimeoutMs(60_000)
                .setProducerId(producerId(ids))
                .setProducerEpoch((short) epoch));
  }

  private static AddPartitionsToTxnTopicCollection topics(String topic, Integer... partitions) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    topics.mustAdd(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partitions)));
    return topics;
  }

  Comparison add(String name, int version, String topic, Integer... partitions) {
    return new Comparison(
        name,
        ApiKeys.ADD_PARTITIONS_TO_TXN,
        version,
        ids ->
            new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id)
                .setV3AndBelowProducerId(producerId(ids))
                .setV3AndBelowProducerEpoch((short) epoch)
                .setV3AndBelowTopics(topics(topic, partitions)));
  }

  /** AddPartitionsToTxn between brokers, one transaction so often. */
  Comparison addMany(
      String name, boolean verifyOnly, int times, String topic, Integer... partitions) {
    return new Comparison(
        name,
        ApiKeys.ADD_PARTITIONS_TO_TXN,
        5,
        ids -> {
          AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
          for (int i = 0; i < times; i++) {
            request
                .transactions()
                .mustAdd(
                    new AddPartitionsToTxnTransaction()
                        .setTransactionalId(id)
                        .setProducerId(producerId(ids))
                        .setProducerEpoch((short) epoch)
                        .setVerifyOnly(verifyOnly)
                        .setTopics(topics(topic, partitions)));
          }
          return request;
        });
  }

  private MemoryRecords records(BrokerIds ids, int sequence, int count, boolean transactional) {
    SimpleRecord[] records =
        IntStream.range(0, count)
            .mapToObj(i -> new SimpleRecord(1_000, new byte[] {1}, new byte[] {(byte) i}))
            .toArray(SimpleRecord[]::new);
    long producerId = producerId(ids);
    return transactional
        ? MemoryRecords.withTransactionalRecords(
            Compression.NONE, producerId, (short) epoch, sequence, records)
        : MemoryRecords.withIdempotentRecords(
            Compression.NONE, producerId, (short) epoch, sequence, records);
  }

  /** Two records. */
  Comparison produce(String name, int version, int partition, int sequence) {
    return produce(name, version, partition, sequence, true, id);
  }

  Comparison produce(
      String name,
      int version,
      int partition,
      int sequence,
      boolean transactional,
      @org.jspecify.annotations.Nullable String transactionalId) {
    return new Comparison(
        name,
        ApiKeys.PRODUCE,
        version,
        ids -> {
          ProduceRequestData request =
              new ProduceRequestData()
                  .setTransactionalId(transactionalId)
                  .setAcks((short) -1)
                  .setTimeoutMs(10_000);
          PartitionProduceData data =
              new PartitionProduceData()
                  .setIndex(partition)
                  .setRecords(records(ids, sequence, 2, transactional));
          request
              .topicData()
              .mustAdd(new TopicProduceData().setName("tx").setPartitionData(List.of(data)));
          return request;
        });
  }

  Comparison addOffsets(String name, int version, String group) {
    return new Comparison(
        name,
        ApiKeys.ADD_OFFSETS_TO_TXN,
        version,
        ids ->
            new AddOffsetsToTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producerId(ids))
                .setProducerEpoch((short) epoch)
                .setGroupId(group));
  }

  Comparison commitOffsets(String name, int version, String topic, int partition, long offset) {
    return commitOffsets(name, version, topic, partition, offset, "", -1);
  }

  Comparison commitOffsets(
      String name,
      int version,
      String topic,
      int partition,
      long offset,
      String member,
      int generation) {
    TxnOffsetCommitRequestPartition committed =
        new TxnOffsetCommitRequestPartition()
            .setPartitionIndex(partition)
            .setCommittedOffset(offset);
    return new Comparison(
        name,
        ApiKeys.TXN_OFFSET_COMMIT,
        version,
        ids ->
            new TxnOffsetCommitRequestData()
                .setTransactionalId(id)
                .setGroupId("tg")
                .setMemberId(member)
                .setGenerationId(generation)
                .setProducerId(producerId(ids))
                .setProducerEpoch((short) epoch)
                .setTopics(
                    List.of(
                        new TxnOffsetCommitRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(committed.duplicate())))));
  }

  Comparison end(String name, int version, boolean commit) {
    return new Comparison(
        name,
        ApiKeys.END_TXN,
        version,
        ids ->
            new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producerId(ids))
                .setProducerEpoch((short) epoch)
                .setCommitted(commit));
  }

  /** WriteTxnMarkers, of a coordinator of that epoch. */
  Comparison mark(String name, int version, int coordinatorEpoch, String topic, int... partitions) {
    List<Integer> marked = new ArrayList<>(IntStream.of(partitions).boxed().toList());
    return new Comparison(
        name,
        ApiKeys.WRITE_TXN_MARKERS,
        version,
        ids ->
            new WriteTxnMarkersRequestData()
                .setMarkers(
                    List.of(
                        new WritableTxnMarker()
                            .setProducerId(producerId(ids))
                            .setProducerEpoch((short) epoch)
                            .setCoordinatorEpoch(coordinatorEpoch)
                            .setTransactionVersion((byte) (version > 1 ? 2 : 0))
                            .setTopics(
                                List.of(
                                    new WritableTxnMarkerTopic()
                                        .setName(topic)
                                        .setPartitionIndexes(marked))))));
  }
}
