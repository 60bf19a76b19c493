package io.sluice.kafka.group;

import io.sluice.broker.Topics;
import io.sluice.kafka.CreateTopicsApi;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.transaction.Transactions;
import java.util.List;
import org.apache.kafka.common.Node;

/** The table of the APIs of groups, of all types. */
final class GroupApis {

  private GroupApis() {}

  static List<KafkaApi> all(
      CoordinatorSource source, Topics topics, Node node, Transactions transactions) {
    return List.of(
        new FindCoordinatorApi(source, transactions, node),
        new OffsetCommitApi(source, topics),
        new OffsetFetchApi(source, topics),
        new OffsetDeleteApi(source, topics),
        new AddOffsetsToTxnApi(source, transactions),
        new TxnOffsetCommitApi(source, topics),
        new JoinGroupApi(source),
        new SyncGroupApi(source),
        new HeartbeatApi(source),
        new LeaveGroupApi(source),
        new ListGroupsApi(source),
        new DescribeGroupsApi(source),
        new DeleteGroupsApi(source),
        new ConsumerGroupHeartbeatApi(source),
        new ConsumerGroupDescribeApi(source),
        new StreamsGroupHeartbeatApi(source, new CreateTopicsApi(topics, node)),
        new StreamsGroupDescribeApi(source),
        new ShareGroupHeartbeatApi(source),
        new ShareGroupDescribeApi(source),
        new DescribeShareGroupOffsetsApi(source),
        new AlterShareGroupOffsetsApi(source, topics),
        new DeleteShareGroupOffsetsApi(source));
  }
}
