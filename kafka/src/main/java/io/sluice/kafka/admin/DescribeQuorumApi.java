package io.sluice.kafka.admin;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ListenerCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.NodeCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeQuorumResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * DescribeQuorum, 0–2 (KIP-595, KIP-836, KIP-853): the one node is the quorum, its leader and only
 * voter; the offsets are those of its own metadata journal.
 */
final class DescribeQuorumApi implements KafkaApi {

  private static final TopicPartition QUORUM =
      new TopicPartition(Topic.CLUSTER_METADATA_TOPIC_NAME, 0);

  private final Broker broker;
  private final Node node;

  DescribeQuorumApi(Broker broker, Node node) {
    this.broker = broker;
    this.node = node;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_QUORUM;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    DescribeQuorumRequestData asked = ((DescribeQuorumRequest) request).data();
    if (!asked.equals(DescribeQuorumRequest.singletonRequest(QUORUM))) {
      return new DescribeQuorumResponse(
          DescribeQuorumRequest.getPartitionLevelErrorResponse(
              asked, Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }
    long offset = broker.metadataEndOffset();
    long now = broker.options().clocks().wall().millis();
    ReplicaState voter =
        new ReplicaState()
            .setReplicaId(node.id())
            .setLogEndOffset(offset)
            .setLastFetchTimestamp(now)
            .setLastCaughtUpTimestamp(now);
    PartitionData quorum =
        new PartitionData()
            .setPartitionIndex(QUORUM.partition())
            .setLeaderId(node.id())
            .setLeaderEpoch(0)
            .setHighWatermark(offset)
            .setCurrentVoters(List.of(voter));
    NodeCollection nodes = new NodeCollection();
    ListenerCollection listeners = new ListenerCollection();
    listeners.add(
        new Listener()
            .setName(SecurityProtocol.PLAINTEXT.name)
            .setHost(node.host())
            .setPort(node.port()));
    nodes.add(new DescribeQuorumResponseData.Node().setNodeId(node.id()).setListeners(listeners));
    return new DescribeQuorumResponse(
        DescribeQuorumResponse.singletonResponse(QUORUM, quorum, nodes));
  }
}
