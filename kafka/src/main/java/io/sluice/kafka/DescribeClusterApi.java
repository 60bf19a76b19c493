package io.sluice.kafka;

import io.sluice.broker.Broker;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.MismatchedEndpointTypeException;
import org.apache.kafka.common.errors.UnsupportedEndpointTypeException;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.RequestContext;

/** DescribeCluster, 0–2 (KIP-700): one node, which is its own controller. */
final class DescribeClusterApi implements KafkaApi {

  private final Broker broker;
  private final Node node;

  DescribeClusterApi(Broker broker, Node node) {
    this.broker = broker;
    this.node = node;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeClusterRequest asked = (DescribeClusterRequest) request;
    EndpointType wanted = EndpointType.fromId(asked.data().endpointType());
    if (wanted == EndpointType.UNKNOWN) {
      throw new UnsupportedEndpointTypeException(
          "Unsupported endpoint type " + asked.data().endpointType());
    }
    if (wanted != EndpointType.BROKER) {
      throw new MismatchedEndpointTypeException("this endpoint is a broker's");
    }
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setClusterId(broker.clusterId())
            .setControllerId(node.id())
            .setEndpointType(EndpointType.BROKER.id());
    if (asked.data().includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
    }
    response
        .brokers()
        .add(
            new DescribeClusterBroker()
                .setBrokerId(node.id())
                .setHost(node.host())
                .setPort(node.port()));
    return new DescribeClusterResponse(response);
  }
}
