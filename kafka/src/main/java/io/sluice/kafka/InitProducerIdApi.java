package io.sluice.kafka;

import io.sluice.broker.Broker;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * InitProducerId, 0–5 (KIP-98): a new id for an idempotent producer, as Apache Kafka gives one
 * whatever id the client had before. Transactional producers are refused.
 */
final class InitProducerIdApi implements KafkaApi {

  private final Broker broker;

  InitProducerIdApi(Broker broker) {
    this.broker = broker;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    InitProducerIdRequestData asked = ((InitProducerIdRequest) request).data();
    boolean hasId = asked.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = asked.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (hasId != hasEpoch) {
      throw new InvalidRequestException("a producer has both an id and an epoch, or neither");
    }
    String transactionalId = asked.transactionalId();
    if (transactionalId != null && transactionalId.isEmpty()) {
      throw new InvalidRequestException("an empty transactional id");
    }
    if (transactionalId != null) {
      throw new UnsupportedVersionException("transactions are not served");
    }
    return new InitProducerIdResponse(
        new InitProducerIdResponseData()
            .setProducerId(broker.nextProducerId())
            .setProducerEpoch((short) 0));
  }
}
