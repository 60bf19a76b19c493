package io.sluice.kafka;

import java.util.List;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.PolicyViolationException;

/** What Kafka's controller demands of partitions before it makes them, on a cluster of one node. */
final class NewPartitionRules {

  /** {@code MAX_PARTITIONS_PER_BATCH} of Kafka's ReplicationControlManager. */
  private static final int MAX_PER_REQUEST = 10_000;

  private NewPartitionRules() {}

  /** Refuses to make more partitions at once than Kafka does. */
  static void checkNumber(long partitions) {
    if (partitions > MAX_PER_REQUEST) {
      throw new PolicyViolationException(
          partitions + " partitions in one request are more than " + MAX_PER_REQUEST);
    }
  }

  /** Refuses to place a partition anywhere but on the one node, or there more than once. */
  static void checkReplicas(List<Integer> brokerIds, int nodeId) {
    if (!brokerIds.equals(List.of(nodeId))) {
      throw new InvalidReplicaAssignmentException(
          "each partition must be assigned to the one node " + nodeId + ", not to " + brokerIds);
    }
  }
}
