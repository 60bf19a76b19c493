package io.sluice.kafka.admin;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Node;

/** The APIs of administration. */
public final class AdminApis {

  private AdminApis() {}

  /**
   * Every one of them, for registration.
   *
   * @param node this broker, as clients reach it
   * @param features at which level each feature is in effect (KIP-584)
   */
  public static List<KafkaApi> all(Broker broker, Node node, Map<String, Short> features) {
    return Stream.concat(
            Stream.<KafkaApi>of(
                new DescribeLogDirsApi(broker),
                new AlterReplicaLogDirsApi(broker),
                new ElectLeadersApi(broker.topics()),
                new DescribeQuorumApi(broker, node),
                new ListPartitionReassignmentsApi(),
                new AlterPartitionReassignmentsApi(broker.topics(), node.id()),
                new UpdateFeaturesApi(features),
                new UnregisterBrokerApi(node.id()),
                new DescribeUserScramCredentialsApi(),
                new AlterUserScramCredentialsApi()),
            RefusedApi.ALL.stream())
        .toList();
  }
}
