package io.sluice.kafka.transaction;

import io.sluice.kafka.KafkaApi;
import io.sluice.log.clock.Clocks;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;

/** DescribeTransactions, 0 (KIP-664). */
final class DescribeTransactionsApi implements KafkaApi {

  private final TransactionSource source;

  DescribeTransactionsApi(TransactionSource source) {
    this.source = source;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TRANSACTIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    TransactionStates states = source.get().states();
    DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
    List<String> asked = ((DescribeTransactionsRequest) request).data().transactionalIds();
    for (String id : new LinkedHashSet<>(asked)) {
      response.transactionStates().add(describe(states, id));
    }
    return new DescribeTransactionsResponse(response);
  }

  private static TransactionState describe(TransactionStates states, String id) {
    Optional<TransactionEntry> entry = states.find(id);
    if (entry.isPresent()) {
      return entry.get().inLock(state -> describe(state, states.clocks()));
    }
    Errors error = id.isEmpty() ? Errors.INVALID_REQUEST : Errors.TRANSACTIONAL_ID_NOT_FOUND;
    return new TransactionState().setTransactionalId(id).setErrorCode(error.code());
  }

  private static TransactionState describe(TransactionMetadata state, Clocks clocks) {
    long started = state.txnStartTimestamp();
    TransactionState described =
        new TransactionState()
            .setTransactionalId(state.transactionalId())
            .setProducerId(state.producerId())
            .setProducerEpoch(state.producerEpoch())
            .setTransactionState(state.state().stateName())
            .setTransactionTimeoutMs(state.txnTimeoutMs())
            .setTransactionStartTimeMs(started < 0 ? started : wallTime(started, clocks));
    for (TopicPartition partition : state.topicPartitions()) {
      TopicData topic = described.topics().find(partition.topic());
      if (topic == null) {
        topic = new TopicData().setTopic(partition.topic());
        described.topics().add(topic);
      }
      topic.partitions().add(partition.partition());
    }
    return described;
  }

  private static long wallTime(long steadyMillis, Clocks clocks) {
    return clocks.wallTime(Instant.ofEpochMilli(steadyMillis)).toEpochMilli();
  }
}
