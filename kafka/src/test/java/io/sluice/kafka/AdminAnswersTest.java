package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator hears of one node, and how what it cannot do is refused. */
class AdminAnswersTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final TopicPartition NO_PARTITION = new TopicPartition("t", 9);
  private static final TopicPartition NO_TOPIC = new TopicPartition("none", 0);

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;
  private Admin admin;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    admin = sluice.admin();
    sluice.broker().topics().create(NewTopic.named("t").withPartitions(2));
  }

  @AfterEach
  void stop() throws IOException {
    admin.close();
    client.close();
    sluice.close();
  }

  private static Errors failure(KafkaFuture<?> future) {
    return Errors.forException(assertThrows(ExecutionException.class, future::get).getCause());
  }

  private static Errors outcome(Optional<Throwable> failure) {
    return failure.map(Errors::forException).orElse(Errors.NONE);
  }

  @Test
  void the_data_folder_is_described_with_its_partitions() throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      producer.send(new ProducerRecord<>("t", 1, "k", "v")).get();
    }
    Map<String, LogDirDescription> folders =
        admin.describeLogDirs(List.of(1)).descriptions().get(1).get();
    assertEquals(Set.of(folder.toString()), folders.keySet());
    LogDirDescription described = folders.get(folder.toString());
    assertEquals(Set.of(PARTITION, new TopicPartition("t", 1)), described.replicaInfos().keySet());
    assertEquals(0, described.replicaInfos().get(PARTITION).size());
    assertTrue(described.replicaInfos().get(new TopicPartition("t", 1)).size() > 60);
    assertTrue(described.totalBytes().orElseThrow() >= described.usableBytes().orElseThrow());
    assertTrue(described.usableBytes().orElseThrow() > 0);
    assertEquals(
        Optional.of(folder.toString()),
        Optional.ofNullable(
            admin
                .describeReplicaLogDirs(List.of(new TopicPartitionReplica("t", 0, 1)))
                .all()
                .get()
                .values()
                .iterator()
                .next()
                .getCurrentReplicaLogDir()));
  }

  @Test
  void partitions_that_do_not_exist_are_in_no_folder() throws IOException {
    DescribeLogDirsRequestData request = new DescribeLogDirsRequestData();
    request
        .topics()
        .add(new DescribableLogDirTopic().setTopic("t").setPartitions(List.of(-1, 0, 0, 9)));
    request.topics().add(new DescribableLogDirTopic().setTopic("none").setPartitions(List.of(0)));
    DescribeLogDirsResponseData response =
        client.call(ApiKeys.DESCRIBE_LOG_DIRS, 4, request, DescribeLogDirsResponseData.class);
    assertEquals(1, response.results().size());
    assertEquals(1, response.results().getFirst().topics().size());
    assertEquals(1, response.results().getFirst().topics().getFirst().partitions().size());
  }

  private Errors move(String path, TopicPartition partition) throws IOException {
    AlterReplicaLogDir to = new AlterReplicaLogDir().setPath(path);
    to.topics()
        .add(
            new AlterReplicaLogDirTopic()
                .setName(partition.topic())
                .setPartitions(List.of(partition.partition())));
    AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
    request.dirs().add(to);
    return Errors.forCode(
        client
            .call(ApiKeys.ALTER_REPLICA_LOG_DIRS, 2, request, AlterReplicaLogDirsResponseData.class)
            .results()
            .getFirst()
            .partitions()
            .getFirst()
            .errorCode());
  }

  @Test
  void a_partition_is_moved_only_to_where_it_is() throws IOException {
    assertEquals(Errors.NONE, move(folder.toString(), PARTITION));
    assertEquals(Errors.LOG_DIR_NOT_FOUND, move("/elsewhere", PARTITION));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, move(folder.toString(), NO_PARTITION));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, move(folder.toString(), NO_TOPIC));
  }

  @Test
  void no_leader_needs_to_be_elected() throws Exception {
    Map<TopicPartition, Optional<Throwable>> outcomes =
        admin
            .electLeaders(ElectionType.PREFERRED, Set.of(PARTITION, NO_PARTITION, NO_TOPIC))
            .partitions()
            .get();
    assertEquals(Errors.ELECTION_NOT_NEEDED, outcome(outcomes.get(PARTITION)));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, outcome(outcomes.get(NO_PARTITION)));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, outcome(outcomes.get(NO_TOPIC)));
    assertEquals(Map.of(), admin.electLeaders(ElectionType.UNCLEAN, null).partitions().get());
    ElectLeadersResponseData refused =
        client.call(
            ApiKeys.ELECT_LEADERS,
            2,
            new ElectLeadersRequestData().setElectionType((byte) 9).setTopicPartitions(null),
            ElectLeadersResponseData.class);
    assertEquals(Errors.INVALID_REQUEST.code(), refused.errorCode());
  }

  @Test
  void the_one_node_is_the_quorum() throws Exception {
    QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
    assertEquals(1, quorum.leaderId());
    assertEquals(
        List.of(1), quorum.voters().stream().map(QuorumInfo.ReplicaState::replicaId).toList());
    assertEquals(List.of(), quorum.observers());
    assertEquals(Set.of(1), quorum.nodes().keySet());
    assertEquals(quorum.highWatermark(), quorum.voters().getFirst().logEndOffset());
    long before = quorum.highWatermark();
    sluice.broker().topics().create(NewTopic.named("another"));
    assertTrue(admin.describeMetadataQuorum().quorumInfo().get().highWatermark() > before);

    DescribeQuorumRequestData wrong = DescribeQuorumRequest.singletonRequest(PARTITION);
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
        client
            .call(ApiKeys.DESCRIBE_QUORUM, 2, wrong, DescribeQuorumResponseData.class)
            .topics()
            .getFirst()
            .partitions()
            .getFirst()
            .errorCode());
  }

  private Errors reassign(TopicPartition partition, Integer... replicas) throws Exception {
    Optional<NewPartitionReassignment> target =
        replicas.length == 0
            ? Optional.empty()
            : Optional.of(new NewPartitionReassignment(List.of(replicas)));
    try {
      admin.alterPartitionReassignments(Map.of(partition, target)).all().get();
      return Errors.NONE;
    } catch (ExecutionException e) {
      return Errors.forException(e.getCause());
    }
  }

  @Test
  void nothing_is_reassigned_to_other_nodes() throws Exception {
    assertEquals(Errors.NONE, reassign(PARTITION, 1));
    assertEquals(Errors.NO_REASSIGNMENT_IN_PROGRESS, reassign(PARTITION));
    assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, reassign(PARTITION, 2));
    assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, reassign(PARTITION, 1, 2));
    assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, reassign(PARTITION, 1, 1));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, reassign(NO_PARTITION, 1));
    assertEquals(Errors.UNKNOWN_TOPIC_OR_PARTITION, reassign(NO_TOPIC, 1));
    assertEquals(Map.of(), admin.listPartitionReassignments().reassignments().get());
    assertEquals(
        Map.of(), admin.listPartitionReassignments(Set.of(PARTITION)).reassignments().get());
  }

  private Errors update(String feature, short level, UpgradeType type) throws Exception {
    try {
      admin
          .updateFeatures(
              Map.of(feature, new FeatureUpdate(level, type)), new UpdateFeaturesOptions())
          .all()
          .get();
      return Errors.NONE;
    } catch (ExecutionException e) {
      return Errors.forException(e.getCause());
    }
  }

  @Test
  void features_stay_at_their_levels() throws Exception {
    assertEquals(Errors.NONE, update("group.version", (short) 1, UpgradeType.UPGRADE));
    assertEquals(
        Errors.INVALID_UPDATE_VERSION,
        update("group.version", (short) 0, UpgradeType.SAFE_DOWNGRADE));
    assertEquals(
        Errors.INVALID_UPDATE_VERSION, update("group.version", (short) 9, UpgradeType.UPGRADE));
    assertEquals(Errors.INVALID_UPDATE_VERSION, update("no.such", (short) 1, UpgradeType.UPGRADE));
    assertEquals(
        1,
        admin
            .describeFeatures()
            .featureMetadata()
            .get()
            .finalizedFeatures()
            .get("group.version")
            .maxVersionLevel());
  }

  private Errors unregister(int broker) throws IOException {
    return Errors.forCode(
        client
            .call(
                ApiKeys.UNREGISTER_BROKER,
                0,
                new UnregisterBrokerRequestData().setBrokerId(broker),
                UnregisterBrokerResponseData.class)
            .errorCode());
  }

  @Test
  void no_broker_is_unregistered() throws IOException {
    assertEquals(Errors.INVALID_REQUEST, unregister(1));
    assertEquals(Errors.BROKER_ID_NOT_REGISTERED, unregister(2));
  }

  @Test
  void there_are_no_users() throws Exception {
    assertEquals(List.of(), admin.describeUserScramCredentials().users().get());
    assertEquals(
        Errors.RESOURCE_NOT_FOUND,
        failure(admin.describeUserScramCredentials(List.of("u")).description("u")));
    ScramCredentialInfo sha = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
    assertEquals(
        Errors.UNSUPPORTED_SASL_MECHANISM,
        failure(
            admin
                .alterUserScramCredentials(
                    List.of(new UserScramCredentialUpsertion("u", sha, "secret")))
                .all()));
    UserScramCredentialDeletion deletion =
        new UserScramCredentialDeletion("u", ScramMechanism.SCRAM_SHA_256);
    assertEquals(
        Errors.RESOURCE_NOT_FOUND,
        failure(admin.alterUserScramCredentials(List.of(deletion)).all()));
    assertEquals(
        Errors.DUPLICATE_RESOURCE,
        failure(admin.alterUserScramCredentials(List.of(deletion, deletion)).all()));
  }

  @Test
  void security_is_disabled() throws Exception {
    assertEquals(
        Errors.SECURITY_DISABLED, failure(admin.describeAcls(AclBindingFilter.ANY).values()));
    assertEquals(
        Errors.SECURITY_DISABLED, failure(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all()));
    assertEquals(
        Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
        failure(admin.describeDelegationToken().delegationTokens()));
    assertEquals(
        Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code(),
        client
            .call(
                ApiKeys.CREATE_DELEGATION_TOKEN,
                3,
                new CreateDelegationTokenRequestData(),
                CreateDelegationTokenResponseData.class)
            .errorCode());
    assertEquals(
        Errors.ILLEGAL_SASL_STATE.code(),
        client
            .call(
                ApiKeys.SASL_HANDSHAKE,
                1,
                new SaslHandshakeRequestData().setMechanism("PLAIN"),
                SaslHandshakeResponseData.class)
            .errorCode());
    assertEquals(
        Errors.UNSUPPORTED_VERSION.code(),
        client
            .call(
                ApiKeys.ADD_RAFT_VOTER,
                0,
                new AddRaftVoterRequestData(),
                AddRaftVoterResponseData.class)
            .errorCode());
  }
}
