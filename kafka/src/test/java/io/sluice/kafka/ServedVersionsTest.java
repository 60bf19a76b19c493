package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version of every API that is announced is answered, and every one that should be is. */
class ServedVersionsTest {

  /** Apache Kafka serves all versions of these that its own client knows. */
  private static final Set<ApiKeys> SERVED =
      EnumSet.of(
          ApiKeys.PRODUCE,
          ApiKeys.FETCH,
          ApiKeys.LIST_OFFSETS,
          ApiKeys.METADATA,
          ApiKeys.OFFSET_COMMIT,
          ApiKeys.OFFSET_FETCH,
          ApiKeys.FIND_COORDINATOR,
          ApiKeys.JOIN_GROUP,
          ApiKeys.HEARTBEAT,
          ApiKeys.LEAVE_GROUP,
          ApiKeys.SYNC_GROUP,
          ApiKeys.DESCRIBE_GROUPS,
          ApiKeys.LIST_GROUPS,
          ApiKeys.API_VERSIONS,
          ApiKeys.CREATE_TOPICS,
          ApiKeys.DELETE_TOPICS,
          ApiKeys.DELETE_RECORDS,
          ApiKeys.INIT_PRODUCER_ID,
          ApiKeys.ADD_PARTITIONS_TO_TXN,
          ApiKeys.ADD_OFFSETS_TO_TXN,
          ApiKeys.END_TXN,
          ApiKeys.WRITE_TXN_MARKERS,
          ApiKeys.TXN_OFFSET_COMMIT,
          ApiKeys.DESCRIBE_PRODUCERS,
          ApiKeys.DESCRIBE_TRANSACTIONS,
          ApiKeys.LIST_TRANSACTIONS,
          ApiKeys.OFFSET_FOR_LEADER_EPOCH,
          ApiKeys.DESCRIBE_CONFIGS,
          ApiKeys.ALTER_CONFIGS,
          ApiKeys.CREATE_PARTITIONS,
          ApiKeys.DELETE_GROUPS,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS,
          ApiKeys.LIST_CONFIG_RESOURCES,
          ApiKeys.DESCRIBE_LOG_DIRS,
          ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
          ApiKeys.PUSH_TELEMETRY,
          ApiKeys.DESCRIBE_CLIENT_QUOTAS,
          ApiKeys.ALTER_CLIENT_QUOTAS,
          ApiKeys.ALTER_REPLICA_LOG_DIRS,
          ApiKeys.ELECT_LEADERS,
          ApiKeys.DESCRIBE_QUORUM,
          ApiKeys.LIST_PARTITION_REASSIGNMENTS,
          ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
          ApiKeys.UPDATE_FEATURES,
          ApiKeys.UNREGISTER_BROKER,
          ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
          ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
          ApiKeys.DESCRIBE_ACLS,
          ApiKeys.CREATE_ACLS,
          ApiKeys.DELETE_ACLS,
          ApiKeys.SASL_HANDSHAKE,
          ApiKeys.SASL_AUTHENTICATE,
          ApiKeys.CREATE_DELEGATION_TOKEN,
          ApiKeys.RENEW_DELEGATION_TOKEN,
          ApiKeys.EXPIRE_DELEGATION_TOKEN,
          ApiKeys.DESCRIBE_DELEGATION_TOKEN,
          ApiKeys.ADD_RAFT_VOTER,
          ApiKeys.REMOVE_RAFT_VOTER,
          ApiKeys.OFFSET_DELETE,
          ApiKeys.DESCRIBE_CLUSTER,
          ApiKeys.CONSUMER_GROUP_HEARTBEAT,
          ApiKeys.CONSUMER_GROUP_DESCRIBE,
          ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
          ApiKeys.STREAMS_GROUP_HEARTBEAT,
          ApiKeys.STREAMS_GROUP_DESCRIBE,
          ApiKeys.SHARE_GROUP_HEARTBEAT,
          ApiKeys.SHARE_GROUP_DESCRIBE,
          ApiKeys.SHARE_FETCH,
          ApiKeys.SHARE_ACKNOWLEDGE,
          ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
          ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
          ApiKeys.DELETE_SHARE_GROUP_OFFSETS);

  @TempDir static Path folder;
  private static RunningListener sluice;

  @BeforeAll
  static void start() throws IOException {
    sluice = RunningListener.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  static Stream<Arguments> versions() {
    return SERVED.stream()
        .flatMap(
            key ->
                IntStream.rangeClosed(key.oldestVersion(), key.latestVersion())
                    .filter(version -> key.isVersionEnabled((short) version, false))
                    .mapToObj(version -> Arguments.of(key, version)));
  }

  /** A request of nothing but defaults gets an answer of that very version, if only an error. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("versions")
  void it_is_answered(ApiKeys key, int version) throws IOException {
    ApiMessage request = key.messageType.newRequest();
    if (request instanceof ProduceRequestData produce) {
      produce.setAcks((short) -1);
    } else if (request instanceof DescribeAclsRequestData acls) {
      // Kafka's own class refuses to be made of an unknown operation or permission.
      byte any = 1;
      acls.setResourceTypeFilter(any).setOperation(any).setPermissionType(any);
    }
    try (LogLines log = new LogLines();
        RawClient client = new RawClient(sluice.connect())) {
      assertNotNull(client.call(key, version, request, ApiMessage.class));
      assertEquals(0, log.seen().size(), () -> log.seen().toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void it_is_announced_just_when_it_is_served(ApiKeys key) throws IOException {
    ApiVersion announced = announced().apiKeys().find(key.id);
    assertEquals(SERVED.contains(key), announced != null);
    if (announced != null) {
      // KAFKA-18659: librdkafka looks for Produce 0, though it does not use it.
      int oldest = key == ApiKeys.PRODUCE ? 0 : key.oldestVersion();
      assertEquals(oldest, announced.minVersion());
      assertEquals(key.latestVersion(false), announced.maxVersion());
    }
  }

  @Test
  void nothing_is_announced_that_kafka_does_not_know() throws IOException {
    Set<Short> known = SERVED.stream().map(key -> key.id).collect(Collectors.toSet());
    assertEquals(
        known, announced().apiKeys().stream().map(ApiVersion::apiKey).collect(Collectors.toSet()));
  }

  private static ApiVersionsResponseData announced() throws IOException {
    ApiVersionsRequestData request =
        new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
    try (RawClient client = new RawClient(sluice.connect())) {
      return client.call(ApiKeys.API_VERSIONS, 3, request, ApiVersionsResponseData.class);
    }
  }
}
