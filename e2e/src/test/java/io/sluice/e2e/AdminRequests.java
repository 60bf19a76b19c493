package io.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests of administrators, right and wrong. */
final class AdminRequests {

  private AdminRequests() {}

  static List<Comparison> all() {
    List<Comparison> all = new ArrayList<>(cluster());
    all.addAll(configs());
    all.addAll(BrokerConfigRequests.all());
    all.addAll(quotas());
    all.addAll(placement());
    all.addAll(security());
    return all;
  }

  private static List<Comparison> cluster() {
    ApiVersionsRequestData hello =
        new ApiVersionsRequestData().setClientSoftwareName("c").setClientSoftwareVersion("1");
    UpdateFeaturesRequestData update = new UpdateFeaturesRequestData().setTimeoutMs(10_000);
    update
        .featureUpdates()
        .mustAdd(
            new FeatureUpdateKey()
                .setFeature("no.such")
                .setMaxVersionLevel((short) 1)
                .setUpgradeType((byte) 1));
    return List.of(
        Comparison.of("api versions", ApiKeys.API_VERSIONS, 4, hello),
        Comparison.of("api versions of old", ApiKeys.API_VERSIONS, 0, hello),
        Comparison.of(
            "api versions for bad software",
            ApiKeys.API_VERSIONS,
            3,
            new ApiVersionsRequestData().setClientSoftwareName("-!").setClientSoftwareVersion("1")),
        endpoints("describe cluster", 1),
        endpoints("describe controllers", 2),
        endpoints("describe unknown endpoints", 9),
        Comparison.of(
            "producer id",
            ApiKeys.INIT_PRODUCER_ID,
            5,
            new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1)),
        Comparison.of("update features", ApiKeys.UPDATE_FEATURES, 2, update),
        Comparison.of(
            "unregister an unknown broker",
            ApiKeys.UNREGISTER_BROKER,
            0,
            new UnregisterBrokerRequestData().setBrokerId(9)),
        Comparison.of(
            "quorum of another topic",
            ApiKeys.DESCRIBE_QUORUM,
            2,
            new DescribeQuorumRequestData()
                .setTopics(
                    List.of(
                        new DescribeQuorumRequestData.TopicData()
                            .setTopicName("t")
                            .setPartitions(
                                List.of(
                                    new DescribeQuorumRequestData.PartitionData()
                                        .setPartitionIndex(0)))))));
  }

  private static Comparison endpoints(String name, int type) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_CLUSTER,
        2,
        new DescribeClusterRequestData()
            .setEndpointType((byte) type)
            .setIncludeClusterAuthorizedOperations(true));
  }

  static Comparison describe(
      String name, ConfigResource.Type type, String resource, String... keys) {
    DescribeConfigsRequestData request = new DescribeConfigsRequestData().setIncludeSynonyms(true);
    request
        .resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(type.id())
                .setResourceName(resource)
                .setConfigurationKeys(keys.length == 0 ? null : List.of(keys)));
    return Comparison.of(name, ApiKeys.DESCRIBE_CONFIGS, 4, request);
  }

  static Comparison alter(
      String name,
      ConfigResource.Type type,
      String resource,
      OpType operation,
      String config,
      String value) {
    AlterConfigsResource altered =
        new AlterConfigsResource().setResourceType(type.id()).setResourceName(resource);
    altered
        .configs()
        .add(
            new AlterableConfig()
                .setConfigOperation(operation.id())
                .setName(config)
                .setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(altered);
    return Comparison.of(name, ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
  }

  private static Comparison set(
      String name, ConfigResource.Type type, String resource, String config, String value) {
    return alter(name, type, resource, OpType.SET, config, value);
  }

  private static Comparison replace(
      String name, ConfigResource.Type type, String config, String value) {
    return replace(name, type, "t", config, value);
  }

  static Comparison replace(
      String name, ConfigResource.Type type, String resource, String config, String value) {
    AlterConfigsRequestData.AlterConfigsResource altered =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type.id())
            .setResourceName(resource);
    altered
        .configs()
        .add(new AlterConfigsRequestData.AlterableConfig().setName(config).setValue(value));
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    request.resources().add(altered);
    return Comparison.of(name, ApiKeys.ALTER_CONFIGS, 2, request);
  }

  private static List<Comparison> configs() {
    String interval = "consumer.heartbeat.interval.ms";
    return List.of(
        describe("configs of a topic", ConfigResource.Type.TOPIC, "t"),
        describe(
            "one config of a topic", ConfigResource.Type.TOPIC, "t", "retention.ms", "no.such"),
        describe("configs of an unknown topic", ConfigResource.Type.TOPIC, "unknown"),
        describe("configs of an invalid topic", ConfigResource.Type.TOPIC, "a b"),
        describe("configs of an unknown broker", ConfigResource.Type.BROKER, "9"),
        describe("configs of no broker", ConfigResource.Type.BROKER, "x"),
        describe("configs of all brokers", ConfigResource.Type.BROKER, ""),
        describe("configs of a group", ConfigResource.Type.GROUP, "any"),
        describe("configs of a nameless group", ConfigResource.Type.GROUP, ""),
        describe("configs of client metrics", ConfigResource.Type.CLIENT_METRICS, "any"),
        describe("loggers of no broker", ConfigResource.Type.BROKER_LOGGER, ""),
        describe("loggers of an unknown broker", ConfigResource.Type.BROKER_LOGGER, "9"),
        set("set an unknown logger", ConfigResource.Type.BROKER_LOGGER, "1", "no.such", "INFO"),
        set("set an unknown level", ConfigResource.Type.BROKER_LOGGER, "1", "root", "LOUD"),
        describe("configs of an unknown type", ConfigResource.Type.UNKNOWN, "any"),
        set("set a config", ConfigResource.Type.TOPIC, "t", "retention.ms", "5000"),
        set("set an illegal config", ConfigResource.Type.TOPIC, "t", "retention.ms", "x"),
        set("set an unknown config", ConfigResource.Type.TOPIC, "t", "no.such", "1"),
        set("set a config to null", ConfigResource.Type.TOPIC, "t", "retention.ms", null),
        set(
            "set a config of an unknown topic",
            ConfigResource.Type.TOPIC,
            "unknown",
            "retention.ms",
            "1"),
        set("set a config of a nameless topic", ConfigResource.Type.TOPIC, "", "retention.ms", "1"),
        set(
            "set a config of an invalid topic",
            ConfigResource.Type.TOPIC,
            "a b",
            "retention.ms",
            "1"),
        set(
            "set a config of an unknown type",
            ConfigResource.Type.UNKNOWN,
            "any",
            "retention.ms",
            "1"),
        set("set a static config of a broker", ConfigResource.Type.BROKER, "1", "node.id", "2"),
        set(
            "set a config of an unknown broker",
            ConfigResource.Type.BROKER,
            "9",
            "log.retention.ms",
            "2"),
        set("set a config of a group", ConfigResource.Type.GROUP, "g", interval, "6000"),
        set("set an illegal config of a group", ConfigResource.Type.GROUP, "g", interval, "1"),
        set("set an unknown config of a group", ConfigResource.Type.GROUP, "g", "no.such", "1"),
        set("set a config of a nameless group", ConfigResource.Type.GROUP, "", interval, "6000"),
        set(
            "set a config of client metrics",
            ConfigResource.Type.CLIENT_METRICS,
            "m",
            "metrics",
            "a,b"),
        set("set an illegal interval", ConfigResource.Type.CLIENT_METRICS, "m", "interval.ms", "1"),
        set(
            "set an illegal pattern",
            ConfigResource.Type.CLIENT_METRICS,
            "m",
            "match",
            "no_such=a"),
        alter(
            "append to a list",
            ConfigResource.Type.TOPIC,
            "t",
            OpType.APPEND,
            "cleanup.policy",
            "compact"),
        alter(
            "append to no list",
            ConfigResource.Type.TOPIC,
            "t",
            OpType.APPEND,
            "retention.ms",
            "1"),
        alter(
            "shorten a list",
            ConfigResource.Type.TOPIC,
            "t",
            OpType.SUBTRACT,
            "cleanup.policy",
            "compact"),
        alter(
            "delete a config", ConfigResource.Type.TOPIC, "t", OpType.DELETE, "retention.ms", null),
        alter(
            "delete an unset config",
            ConfigResource.Type.TOPIC,
            "t",
            OpType.DELETE,
            "no.such",
            null),
        describe("configs after changes", ConfigResource.Type.GROUP, "g"),
        replace("replace configs", ConfigResource.Type.TOPIC, "segment.ms", "100000"),
        replace("replace by an illegal config", ConfigResource.Type.TOPIC, "segment.ms", "x"),
        replace("replace by null", ConfigResource.Type.TOPIC, "segment.ms", null),
        replace("replace levels of loggers", ConfigResource.Type.BROKER_LOGGER, "root", "INFO"),
        Comparison.of(
            "list config resources",
            ApiKeys.LIST_CONFIG_RESOURCES,
            1,
            new ListConfigResourcesRequestData()
                .setResourceTypes(
                    List.of(
                        ConfigResource.Type.GROUP.id(), ConfigResource.Type.CLIENT_METRICS.id()))));
  }

  private static Comparison quota(
      String name, String type, String entity, String key, double value) {
    return Comparison.of(
        name,
        ApiKeys.ALTER_CLIENT_QUOTAS,
        1,
        new AlterClientQuotasRequestData()
            .setEntries(
                List.of(
                    new EntryData()
                        .setEntity(
                            List.of(new EntityData().setEntityType(type).setEntityName(entity)))
                        .setOps(List.of(new OpData().setKey(key).setValue(value))))));
  }

  private static Comparison quotasOf(String name, String type, int matchType, String match) {
    return Comparison.of(
        name,
        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
        1,
        new DescribeClientQuotasRequestData()
            .setComponents(
                List.of(
                    new ComponentData()
                        .setEntityType(type)
                        .setMatchType((byte) matchType)
                        .setMatch(match))));
  }

  private static List<Comparison> quotas() {
    return List.of(
        quota("quota of a user", "user", "u", "producer_byte_rate", 1e9),
        quota("quota of all users", "user", null, "consumer_byte_rate", 1e9),
        quota("quota of a nameless user", "user", "", "consumer_byte_rate", 1e9),
        quota("quota of an unknown kind of entity", "group", "g", "consumer_byte_rate", 1e9),
        quota("unknown quota", "user", "u", "no_such_rate", 1e9),
        quota("quota of nothing", "user", "u", "producer_byte_rate", 0),
        quota("quota of half a byte", "user", "u", "producer_byte_rate", 0.5),
        quota("quota of bytes for an address", "ip", "127.0.0.1", "producer_byte_rate", 1e9),
        quota("quota that is no number", "user", "nan", "producer_byte_rate", Double.NaN),
        quota("negative quota", "user", "u", "producer_byte_rate", -1),
        quota("endless quota", "user", "u", "consumer_byte_rate", Double.POSITIVE_INFINITY),
        quota("quota beyond a long", "user", "u", "consumer_byte_rate", 1e300),
        quota("percentage of requests", "user", "u", "request_percentage", 200),
        quota("changes of a controller", "client-id", "c", "controller_mutation_rate", 100),
        quota("connections of an address", "ip", "127.0.0.9", "connection_creation_rate", 100),
        quota("connections of what is no address", "ip", "a b", "connection_creation_rate", 100),
        quota("half a connection", "ip", "127.0.0.9", "connection_creation_rate", 0.5),
        quotasOf("quotas of a user", "user", 0, "u"),
        quotasOf("quotas of an address", "ip", 0, "127.0.0.9"),
        quotasOf("quotas of any client", "client-id", 2, null),
        quotasOf("quotas of the default user", "user", 1, null),
        quotasOf("quotas of a user without a name", "user", 0, null),
        quotasOf("quotas of an unknown kind of entity", "group", 2, null),
        quotasOf("quotas by an unknown match", "user", 9, null));
  }

  private static Comparison reassign(String name, String topic, int partition, List<Integer> to) {
    return Comparison.of(
        name,
        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
        1,
        new AlterPartitionReassignmentsRequestData()
            .setTimeoutMs(10_000)
            .setTopics(
                List.of(
                    new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(
                            List.of(
                                new ReassignablePartition()
                                    .setPartitionIndex(partition)
                                    .setReplicas(to))))));
  }

  private static Comparison elect(String name, int type, String topic, int partition) {
    ElectLeadersRequestData request =
        new ElectLeadersRequestData().setElectionType((byte) type).setTimeoutMs(10_000);
    request
        .topicPartitions()
        .mustAdd(new TopicPartitions().setTopic(topic).setPartitions(List.of(partition)));
    return Comparison.of(name, ApiKeys.ELECT_LEADERS, 2, request);
  }

  private static List<Comparison> placement() {
    DescribeLogDirsRequestData folders = new DescribeLogDirsRequestData();
    folders
        .topics()
        .mustAdd(new DescribableLogDirTopic().setTopic("configured").setPartitions(List.of(0, 9)));
    return List.of(
        reassign("reassign to where it is", "t", 0, List.of(1)),
        reassign("reassign to an unknown broker", "t", 0, List.of(9)),
        reassign("reassign twice to a broker", "t", 0, List.of(1, 1)),
        reassign("reassign to nowhere", "t", 0, List.of()),
        reassign("cancel no reassignment", "t", 0, null),
        reassign("reassign an unknown partition", "t", 9, List.of(1)),
        reassign("reassign an unknown topic", "unknown", 0, List.of(1)),
        Comparison.of(
            "list reassignments",
            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
            0,
            new ListPartitionReassignmentsRequestData().setTopics(null)),
        elect("elect a leader", 0, "t", 0),
        elect("elect an unclean leader", 1, "t", 0),
        elect("elect in an unknown way", 9, "t", 0),
        elect("elect for an unknown partition", 0, "t", 9),
        elect("elect for an unknown topic", 0, "unknown", 0),
        Comparison.of("log dirs", ApiKeys.DESCRIBE_LOG_DIRS, 4, folders));
  }

  private static List<Comparison> security() {
    byte any = 1;
    return List.of(
        Comparison.of(
            "describe acls",
            ApiKeys.DESCRIBE_ACLS,
            3,
            new DescribeAclsRequestData()
                .setResourceTypeFilter(any)
                .setPatternTypeFilter(any)
                .setOperation(any)
                .setPermissionType(any)),
        Comparison.of("create acls", ApiKeys.CREATE_ACLS, 3, new CreateAclsRequestData()),
        Comparison.of(
            "describe tokens",
            ApiKeys.DESCRIBE_DELEGATION_TOKEN,
            3,
            new DescribeDelegationTokenRequestData()),
        Comparison.of(
            "create a token",
            ApiKeys.CREATE_DELEGATION_TOKEN,
            3,
            new CreateDelegationTokenRequestData()),
        Comparison.of(
            "describe users",
            ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
            0,
            new DescribeUserScramCredentialsRequestData()
                .setUsers(
                    List.of(
                        new UserName().setName("u"),
                        new UserName().setName("twice"),
                        new UserName().setName("twice")))),
        Comparison.of(
            "handshake",
            ApiKeys.SASL_HANDSHAKE,
            1,
            new SaslHandshakeRequestData().setMechanism("PLAIN")));
  }
}
