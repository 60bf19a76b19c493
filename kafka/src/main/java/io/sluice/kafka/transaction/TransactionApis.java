package io.sluice.kafka.transaction;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.List;

/** The table of the APIs of transactions. */
final class TransactionApis {

  private TransactionApis() {}

  static List<KafkaApi> all(TransactionSource source, Broker broker, OffsetTransactions offsets) {
    return List.of(
        new InitProducerIdApi(source, broker),
        new AddPartitionsToTxnApi(source, broker.topics()),
        new EndTxnApi(source),
        new WriteTxnMarkersApi(new MarkerWriter(broker.topics(), offsets)),
        new DescribeTransactionsApi(source),
        new ListTransactionsApi(source));
  }
}
