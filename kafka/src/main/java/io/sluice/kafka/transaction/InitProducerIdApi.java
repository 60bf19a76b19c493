package io.sluice.kafka.transaction;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/**
 * InitProducerId, 0–5: a new id for an idempotent producer (KIP-98), as Apache Kafka gives one
 * whatever id the client had before; the next epoch for a transactional one (KIP-360). Two-phase
 * commit (KIP-939) is refused, as by a broker that is not configured for it.
 */
final class InitProducerIdApi implements KafkaApi {

  private static final int KNOWS_FENCED = 4;

  private final TransactionSource source;
  private final Broker broker;

  InitProducerIdApi(TransactionSource source, Broker broker) {
    this.source = source;
    this.broker = broker;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request)
      throws InterruptedException {
    InitProducerIdRequestData asked = ((InitProducerIdRequest) request).data();
    Optional<ProducerIdAndEpoch> known = known(asked);
    try {
      ProducerIdAndEpoch given =
          asked.transactionalId() == null
              ? new ProducerIdAndEpoch(broker.nextProducerId(), (short) 0)
              : initialize(asked, known);
      return new InitProducerIdResponse(
          new InitProducerIdResponseData()
              .setProducerId(given.producerId)
              .setProducerEpoch(given.epoch));
    } catch (ProducerFencedException e) {
      throw ProducerFencing.of(e, context.apiVersion(), KNOWS_FENCED);
    }
  }

  private static Optional<ProducerIdAndEpoch> known(InitProducerIdRequestData asked) {
    boolean hasId = asked.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = asked.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (hasId != hasEpoch) {
      throw new InvalidRequestException("a producer has both an id and an epoch, or neither");
    }
    return hasId
        ? Optional.of(new ProducerIdAndEpoch(asked.producerId(), asked.producerEpoch()))
        : Optional.empty();
  }

  private ProducerIdAndEpoch initialize(
      InitProducerIdRequestData asked, Optional<ProducerIdAndEpoch> known)
      throws InterruptedException {
    if (asked.transactionalId().isEmpty()) {
      throw new InvalidRequestException("an empty transactional id");
    }
    if (asked.enable2Pc()) {
      throw Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception();
    }
    if (asked.keepPreparedTxn()) {
      throw Errors.UNSUPPORTED_VERSION.exception();
    }
    return source.get().initialize(asked.transactionalId(), asked.transactionTimeoutMs(), known);
  }
}
