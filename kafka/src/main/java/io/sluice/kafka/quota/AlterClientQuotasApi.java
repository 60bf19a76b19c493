package io.sluice.kafka.quota;

import io.sluice.kafka.KafkaApi;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * AlterClientQuotas, 0–1 (KIP-546). {@code producer_byte_rate} and {@code consumer_byte_rate} are
 * enforced; the other quotas of Kafka are kept and shown, and limit nothing. Every client is the
 * user {@code ANONYMOUS}. A fetch above its quota has its records and the next one waits, where
 * Kafka answers without records.
 */
final class AlterClientQuotasApi implements KafkaApi {

  private final ClientQuotas quotas;

  AlterClientQuotasApi(ClientQuotas quotas) {
    this.quotas = quotas;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CLIENT_QUOTAS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    AlterClientQuotasRequest asked = (AlterClientQuotasRequest) request;
    return AlterClientQuotasResponse.fromQuotaEntities(
        quotas.alter(asked.entries(), asked.validateOnly()), 0);
  }
}
