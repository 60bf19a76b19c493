package io.sluice.kafka.admin;

import io.sluice.kafka.KafkaApi;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.UnregisterBrokerRequest;

/**
 * UnregisterBroker, 0 (KIP-631): no other node is registered, and the one that answers stays, where
 * Kafka would unregister it while it runs.
 */
final class UnregisterBrokerApi implements KafkaApi {

  private final int nodeId;

  UnregisterBrokerApi(int nodeId) {
    this.nodeId = nodeId;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.UNREGISTER_BROKER;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    UnregisterBrokerRequestData asked = ((UnregisterBrokerRequest) request).data();
    if (asked.brokerId() == nodeId) {
      throw new InvalidRequestException("broker " + nodeId + " is running; stop it instead");
    }
    throw new BrokerIdNotRegisteredException(
        "Broker ID " + asked.brokerId() + " is not currently registered");
  }
}
