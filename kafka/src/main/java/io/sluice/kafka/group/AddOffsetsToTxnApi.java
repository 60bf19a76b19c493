package io.sluice.kafka.group;

import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.transaction.Transactions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * AddOffsetsToTxn, 0–4 (KIP-98): the partition that holds a group's offsets becomes part of a
 * transaction. Clients of transaction version 2 (KIP-890) commit without it.
 */
final class AddOffsetsToTxnApi implements KafkaApi {

  private final CoordinatorSource source;
  private final Transactions transactions;

  AddOffsetsToTxnApi(CoordinatorSource source, Transactions transactions) {
    this.source = source;
    this.transactions = transactions;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ADD_OFFSETS_TO_TXN;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    AddOffsetsToTxnRequestData asked = ((AddOffsetsToTxnRequest) request).data();
    TopicPartition offsets =
        new TopicPartition(OffsetsTopic.NAME, source.get().partitionFor(asked.groupId()));
    transactions.add(
        asked.transactionalId(),
        new ProducerIdAndEpoch(asked.producerId(), asked.producerEpoch()),
        offsets,
        context.apiVersion());
    return new AddOffsetsToTxnResponse(new AddOffsetsToTxnResponseData());
  }
}
