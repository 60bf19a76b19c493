package io.sluice.client;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

/**
 * What is known of a topic.
 *
 * @param name Kafka's
 * @param arn of the SNS topic
 * @param partitions how many numbers records are spread over
 */
record TopicDescription(String name, String arn, boolean fifo, Format format, int partitions) {

  /** In a few words. */
  String summary() {
    return (fifo ? "FIFO, " : "standard, ") + format.tag() + ", " + partitions + " partitions";
  }

  /** Its partitions, which no node leads. */
  List<PartitionInfo> partitionInfos() {
    List<PartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      infos.add(new PartitionInfo(name, i, Node.noNode(), new Node[0], new Node[0]));
    }
    return infos;
  }
}
