package io.sluice.kafka.transaction;

import io.sluice.kafka.KafkaApi;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * EndTxn, 0–5 (KIP-98; from 5 on transaction version 2, KIP-890). Answered when the decision is
 * durable; the markers follow.
 */
final class EndTxnApi implements KafkaApi {

  private static final int KNOWS_FENCED = 2;

  private final TransactionSource source;

  EndTxnApi(TransactionSource source) {
    this.source = source;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.END_TXN;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    EndTxnRequest end = (EndTxnRequest) request;
    EndTxnRequestData asked = end.data();
    try {
      ProducerIdAndEpoch next =
          source
              .get()
              .end(
                  asked.transactionalId(),
                  new ProducerIdAndEpoch(asked.producerId(), asked.producerEpoch()),
                  end.result(),
                  TransactionVersion.transactionVersionForEndTxn(end));
      return new EndTxnResponse(
          new EndTxnResponseData().setProducerId(next.producerId).setProducerEpoch(next.epoch));
    } catch (ProducerFencedException e) {
      throw ProducerFencing.of(e, context.apiVersion(), KNOWS_FENCED);
    }
  }
}
