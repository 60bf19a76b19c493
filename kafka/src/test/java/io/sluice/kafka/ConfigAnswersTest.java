package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How configuration is described and altered, as by Apache Kafka. */
class ConfigAnswersTest {

  @TempDir Path folder;
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    client = new RawClient(sluice.connect());
    sluice
        .broker()
        .topics()
        .create(NewTopic.named("t").withConfigs(Map.of("retention.ms", "5000")));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private static AlterConfigsResource resource(
      ConfigResource.Type type, String name, AlterableConfig... configs) {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
    for (AlterableConfig config : configs) {
      resource.configs().mustAdd(config);
    }
    return resource;
  }

  private static AlterableConfig config(OpType operation, String name, String value) {
    return new AlterableConfig().setConfigOperation(operation.id()).setName(name).setValue(value);
  }

  private List<AlterConfigsResourceResponse> alter(AlterConfigsResource... resources)
      throws IOException {
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    for (AlterConfigsResource resource : resources) {
      request.resources().mustAdd(resource);
    }
    return client
        .call(
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            1,
            request,
            IncrementalAlterConfigsResponseData.class)
        .responses();
  }

  private Errors alterTopic(AlterableConfig... configs) throws IOException {
    return Errors.forCode(
        alter(resource(ConfigResource.Type.TOPIC, "t", configs)).getFirst().errorCode());
  }

  private String value(String name) {
    return sluice.broker().topics().find("t").orElseThrow().configs().get(name);
  }

  @Test
  void lists_grow_at_their_end_and_shrink() throws IOException {
    assertEquals(Errors.NONE, alterTopic(config(OpType.APPEND, "cleanup.policy", "compact")));
    assertEquals(Errors.NONE, alterTopic(config(OpType.APPEND, "cleanup.policy", "delete")));
    assertEquals("delete,compact", value("cleanup.policy"));
    assertEquals(Errors.NONE, alterTopic(config(OpType.SUBTRACT, "cleanup.policy", "delete")));
    assertEquals("compact", value("cleanup.policy"));
    assertEquals(Errors.INVALID_CONFIG, alterTopic(config(OpType.APPEND, "retention.ms", "1")));
    assertEquals(Errors.INVALID_CONFIG, alterTopic(config(OpType.APPEND, "no.such", "1")));
  }

  /** Which is more than any response could carry. */
  @Test
  void lists_do_not_grow_without_bound() throws IOException {
    String name = "leader.replication.throttled.replicas";
    assertEquals(Errors.NONE, alterTopic(config(OpType.SET, name, replicas(0, 4_000))));
    assertEquals(
        Errors.INVALID_CONFIG, alterTopic(config(OpType.APPEND, name, replicas(4_000, 5_000))));
    assertEquals(replicas(0, 4_000), value(name));
  }

  private static String replicas(int first, int end) {
    return IntStream.range(first, end).mapToObj(i -> i + ":1").collect(Collectors.joining(","));
  }

  @Test
  void what_is_wrong_with_an_alteration_has_its_code() throws IOException {
    assertEquals(Errors.INVALID_CONFIG, alterTopic(config(OpType.SET, "retention.ms", "x")));
    assertEquals(Errors.INVALID_CONFIG, alterTopic(config(OpType.SET, "no.such", "x")));
    assertEquals(Errors.NONE, alterTopic(config(OpType.DELETE, "no.such", null)));
    assertEquals(Errors.INVALID_REQUEST, alterTopic(config(OpType.SET, "retention.ms", null)));
    assertEquals(
        Errors.INVALID_REQUEST,
        alterTopic(
            config(OpType.SET, "retention.ms", "1"), config(OpType.DELETE, "retention.ms", "2")));
    assertEquals(
        Errors.INVALID_REQUEST,
        alterTopic(config(OpType.SET, "retention.ms", "1").setConfigOperation((byte) 9)));
    assertEquals("5000", value("retention.ms"));
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        Errors.forCode(alter(resource(ConfigResource.Type.TOPIC, "none")).getFirst().errorCode()));
    assertEquals(
        Errors.INVALID_TOPIC_EXCEPTION,
        Errors.forCode(alter(resource(ConfigResource.Type.TOPIC, "a b")).getFirst().errorCode()));
  }

  @Test
  void a_resource_is_altered_when_it_is_named_once() throws IOException {
    List<AlterConfigsResourceResponse> responses =
        alter(
            resource(ConfigResource.Type.TOPIC, "t", config(OpType.SET, "retention.ms", "1")),
            resource(ConfigResource.Type.TOPIC, "t", config(OpType.SET, "segment.ms", "2")));
    assertEquals(2, responses.size());
    for (AlterConfigsResourceResponse response : responses) {
      assertEquals(Errors.INVALID_REQUEST, Errors.forCode(response.errorCode()));
    }
    assertEquals("5000", value("retention.ms"));
  }

  private Errors replace(AlterConfigsRequestData request) throws IOException {
    return Errors.forCode(
        client
            .call(ApiKeys.ALTER_CONFIGS, 2, request, AlterConfigsResponseData.class)
            .responses()
            .getFirst()
            .errorCode());
  }

  private static AlterConfigsRequestData replacement(String name, String config, String value) {
    AlterConfigsRequestData.AlterConfigsResource resource =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName(name);
    resource
        .configs()
        .mustAdd(new AlterConfigsRequestData.AlterableConfig().setName(config).setValue(value));
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    request.resources().mustAdd(resource);
    return request;
  }

  @Test
  void old_clients_replace_the_whole_configuration() throws IOException {
    assertEquals(Errors.INVALID_CONFIG, replace(replacement("t", "segment.ms", "x")));
    assertEquals(Errors.INVALID_REQUEST, replace(replacement("t", "segment.ms", null)));
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION, replace(replacement("none", "segment.ms", "1")));
    AlterConfigsRequestData twice = replacement("t", "segment.ms", "1");
    twice.resources().mustAdd(twice.resources().iterator().next().duplicate());
    assertEquals(Errors.INVALID_REQUEST, replace(twice));
    assertEquals(Errors.NONE, replace(replacement("t", "segment.ms", "9").setValidateOnly(true)));
    assertEquals("5000", value("retention.ms"));
    assertEquals(Errors.NONE, replace(replacement("t", "segment.ms", "9")));
    assertEquals(
        Map.of("segment.ms", "9"), sluice.broker().topics().find("t").orElseThrow().configs());
  }

  @Test
  void two_administrators_do_not_undo_each_others_alterations() throws Exception {
    int rounds = 40;
    List<String> names = List.of("retention.ms", "segment.ms", "max.message.bytes", "flush.ms");
    try (ExecutorService administrators = Executors.newFixedThreadPool(names.size())) {
      List<Callable<Integer>> work = new ArrayList<>();
      names.forEach(name -> work.add(() -> setUpTo(rounds, name)));
      administrators.invokeAll(work).forEach(done -> assertEquals(0, done.resultNow()));
    }
    names.forEach(name -> assertEquals(Integer.toString(rounds), value(name)));
  }

  /** Sets one config again and again, and counts how often another has undone that. */
  private int setUpTo(int rounds, String name) throws IOException {
    int undone = 0;
    try (RawClient own = new RawClient(sluice.connect())) {
      for (int i = 1; i <= rounds; i++) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request
            .resources()
            .mustAdd(
                resource(
                    ConfigResource.Type.TOPIC, "t", config(OpType.SET, name, Integer.toString(i))));
        own.call(
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            1,
            request,
            IncrementalAlterConfigsResponseData.class);
        undone += Integer.toString(i).equals(value(name)) ? 0 : 1;
      }
    }
    return undone;
  }

  private DescribeConfigsResult describe(ConfigResource.Type type, String name, List<String> keys)
      throws IOException {
    DescribeConfigsRequestData request =
        new DescribeConfigsRequestData().setIncludeSynonyms(true).setIncludeDocumentation(true);
    request
        .resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(type.id())
                .setResourceName(name)
                .setConfigurationKeys(keys));
    return client
        .call(ApiKeys.DESCRIBE_CONFIGS, 4, request, DescribeConfigsResponseData.class)
        .results()
        .getFirst();
  }

  @Test
  void no_keys_are_all_keys() throws IOException {
    int all = describe(ConfigResource.Type.TOPIC, "t", null).configs().size();
    assertTrue(all > 20);
    assertEquals(all, describe(ConfigResource.Type.TOPIC, "t", List.of()).configs().size());
    assertEquals(
        1,
        describe(ConfigResource.Type.TOPIC, "t", List.of("retention.ms", "no.such"))
            .configs()
            .size());
  }

  @Test
  void synonyms_bear_the_names_of_the_brokers_configs() throws IOException {
    assertEquals(Errors.NONE, alterTopic(config(OpType.SET, "max.message.bytes", "7")));
    DescribeConfigsResourceResult most =
        describe(ConfigResource.Type.TOPIC, "t", List.of("max.message.bytes")).configs().getFirst();
    assertEquals("max.message.bytes", most.synonyms().getFirst().name());
    assertEquals("7", most.synonyms().getFirst().value());
    assertEquals("message.max.bytes", most.synonyms().get(1).name());
    assertTrue(most.documentation().length() > 10);
    assertEquals(
        List.of("retention.ms"),
        describe(ConfigResource.Type.TOPIC, "t", List.of("retention.ms"))
            .configs()
            .getFirst()
            .synonyms()
            .stream()
            .map(DescribeConfigsSynonym::name)
            .toList(),
        "Kafka's broker has its default in hours");
  }

  private Errors alterGroup(String group, AlterableConfig... configs) throws IOException {
    return Errors.forCode(
        alter(resource(ConfigResource.Type.GROUP, group, configs)).getFirst().errorCode());
  }

  @Test
  void groups_are_configured_also_before_they_exist() throws IOException {
    String timeout = "consumer.session.timeout.ms";
    assertEquals(Errors.NONE, alterGroup("g", config(OpType.SET, timeout, "50000")));
    assertEquals(
        Errors.NONE, alterGroup("g", config(OpType.SET, "streams.num.standby.replicas", "1")));

    sluice = sluice.restarted(folder);
    client = new RawClient(sluice.connect());

    DescribeConfigsResourceResult described =
        describe(ConfigResource.Type.GROUP, "g", List.of(timeout)).configs().getFirst();
    assertEquals("50000", described.value());
    assertEquals(ConfigSource.GROUP_CONFIG.id(), described.configSource());
    assertEquals(
        List.of(timeout, "group." + timeout),
        described.synonyms().stream().map(DescribeConfigsSynonym::name).toList());
    assertEquals(
        List.of("50000", "45000"),
        described.synonyms().stream().map(DescribeConfigsSynonym::value).toList());

    assertEquals(Errors.NONE, alterGroup("g", config(OpType.DELETE, timeout, null)));
    described = describe(ConfigResource.Type.GROUP, "g", List.of(timeout)).configs().getFirst();
    assertEquals("45000", described.value());
    assertEquals(ConfigSource.DEFAULT_CONFIG.id(), described.configSource());
    assertEquals(17, describe(ConfigResource.Type.GROUP, "any", null).configs().size());
  }

  @Test
  void what_is_wrong_with_the_configuration_of_a_group_has_its_code() throws IOException {
    String timeout = "consumer.session.timeout.ms";
    assertEquals(Errors.INVALID_CONFIG, alterGroup("g", config(OpType.SET, timeout, "x")));
    assertEquals(Errors.INVALID_CONFIG, alterGroup("g", config(OpType.SET, timeout, "1")));
    assertEquals(Errors.INVALID_CONFIG, alterGroup("g", config(OpType.SET, "no.such", "1")));
    assertEquals(Errors.INVALID_CONFIG, alterGroup("g", config(OpType.APPEND, timeout, "1")));
    assertEquals(Errors.INVALID_REQUEST, alterGroup("", config(OpType.SET, timeout, "50000")));
    assertEquals(
        Errors.INVALID_REQUEST,
        Errors.forCode(describe(ConfigResource.Type.GROUP, "", null).errorCode()));
    assertEquals(List.of(), listed(1, ConfigResource.Type.GROUP));
    assertEquals(
        Errors.INVALID_REQUEST,
        Errors.forCode(alter(resource(ConfigResource.Type.UNKNOWN, "x")).getFirst().errorCode()));
    assertEquals(
        Errors.INVALID_REQUEST,
        Errors.forCode(describe(ConfigResource.Type.UNKNOWN, "x", null).errorCode()));
  }

  private int heartbeatIntervalMs() throws IOException {
    return client
        .call(
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            1,
            new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(1000)
                .setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of()),
            ConsumerGroupHeartbeatResponseData.class)
        .heartbeatIntervalMs();
  }

  @Test
  void the_running_coordinator_follows_the_configuration_of_its_groups() throws IOException {
    String interval = "consumer.heartbeat.interval.ms";
    assertEquals(Errors.NONE, alterGroup("g", config(OpType.SET, interval, "6000")));
    assertEquals(6000, heartbeatIntervalMs());
    assertEquals(Errors.NONE, alterGroup("g", config(OpType.SET, interval, "7000")));
    assertEquals(7000, heartbeatIntervalMs());
    assertEquals(Errors.NONE, alterGroup("g", config(OpType.DELETE, interval, null)));
    assertEquals(RunningListener.HEARTBEAT_INTERVAL_MS, heartbeatIntervalMs());
  }

  private ListConfigResourcesResponseData list(int version, ConfigResource.Type... types)
      throws IOException {
    ListConfigResourcesRequestData request = new ListConfigResourcesRequestData();
    for (ConfigResource.Type type : types) {
      request.resourceTypes().add(type.id());
    }
    return client.call(
        ApiKeys.LIST_CONFIG_RESOURCES, version, request, ListConfigResourcesResponseData.class);
  }

  private List<String> listed(int version, ConfigResource.Type... types) throws IOException {
    return list(version, types).configResources().stream()
        .map(each -> ConfigResource.Type.forId(each.resourceType()) + " " + each.resourceName())
        .sorted()
        .toList();
  }

  @Test
  void what_is_configurable_is_listed() throws IOException {
    assertEquals(
        Errors.NONE,
        alterGroup("g", config(OpType.SET, "share.isolation.level", "read_committed")));
    assertEquals(List.of("BROKER 1", "BROKER_LOGGER 1", "GROUP g", "TOPIC t"), listed(1));
    assertEquals(
        List.of("TOPIC t"), listed(1, ConfigResource.Type.TOPIC, ConfigResource.Type.TOPIC));
    assertEquals(List.of(), listed(0));
    assertEquals(
        Errors.UNSUPPORTED_VERSION,
        Errors.forCode(list(1, ConfigResource.Type.UNKNOWN).errorCode()));
  }

  @Test
  void brokers_are_described_by_their_id() throws IOException {
    assertTrue(describe(ConfigResource.Type.BROKER, "1", null).configs().size() > 20);
    DescribeConfigsResourceResult hours =
        describe(ConfigResource.Type.BROKER, "1", List.of("log.retention.hours"))
            .configs()
            .getFirst();
    assertEquals("168", hours.value());
    assertTrue(hours.readOnly());
    assertEquals(
        List.of(),
        describe(ConfigResource.Type.BROKER, "", null).configs(),
        "nothing is set for all brokers of the cluster");
    for (String id : List.of("2", "x")) {
      assertEquals(
          Errors.INVALID_REQUEST,
          Errors.forCode(describe(ConfigResource.Type.BROKER, id, null).errorCode()));
    }
    assertEquals(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        Errors.forCode(describe(ConfigResource.Type.TOPIC, "none", null).errorCode()));
    assertEquals(
        Errors.INVALID_TOPIC_EXCEPTION,
        Errors.forCode(describe(ConfigResource.Type.TOPIC, "a b", null).errorCode()));
  }

  @Test
  void names_that_are_none_have_their_code_and_no_line_in_the_log() throws IOException {
    try (LogLines log = new LogLines()) {
      for (String name : List.of("", "..", "a\u0000b", "x".repeat(30_000))) {
        assertEquals(
            Errors.INVALID_TOPIC_EXCEPTION,
            Errors.forCode(describe(ConfigResource.Type.TOPIC, name, null).errorCode()));
      }
      for (String id : List.of("a\u0000b", "1 ", "9".repeat(30_000))) {
        for (ConfigResource.Type type :
            List.of(ConfigResource.Type.BROKER, ConfigResource.Type.BROKER_LOGGER)) {
          assertEquals(
              Errors.INVALID_REQUEST, Errors.forCode(describe(type, id, null).errorCode()));
        }
      }
      assertEquals(List.of(), log.seen());
    }
  }

  @Test
  void an_error_that_would_repeat_too_long_a_name_is_another() throws IOException {
    assertEquals(
        Errors.UNKNOWN_SERVER_ERROR,
        Errors.forCode(describe(ConfigResource.Type.TOPIC, "x".repeat(32_767), null).errorCode()));
  }

  private Errors alterBroker(String id, AlterableConfig... configs) throws IOException {
    return Errors.forCode(
        alter(resource(ConfigResource.Type.BROKER, id, configs)).getFirst().errorCode());
  }

  @ParameterizedTest(name = "{0} {1}={2} of broker '{3}': {4}")
  @CsvSource({
    "SET, log.retention.ms, 5000, '', NONE",
    "SET, log.retention.ms, 5000, 1, NONE",
    "SET, log.retention.ms, 5000, 2, INVALID_REQUEST",
    "SET, log.retention.ms, 5000, x, INVALID_REQUEST",
    "SET, log.retention.ms, 5000, 01, INVALID_REQUEST",
    "SET, log.retention.ms, , '', INVALID_REQUEST",
    "SET, log.retention.ms, x, '', INVALID_REQUEST",
    "SET, log.retention.ms, 0, 1, INVALID_REQUEST",
    "SET, log.retention.hours, 1, '', INVALID_REQUEST",
    "SET, log.segment.bytes, 1000, '', INVALID_REQUEST",
    "SET, log.cleanup.policy, shred, '', INVALID_REQUEST",
    "SET, retention.ms, 5000, '', INVALID_REQUEST",
    "SET, num.partitions, 2, 1, INVALID_REQUEST",
    "SET, node.id, 2, 1, INVALID_REQUEST",
    "SET, listeners, PLAINTEXT://:1, 1, INVALID_REQUEST",
    "SET, num.io.threads, 2, '', INVALID_REQUEST",
    "SET, max.connections, 2, '', INVALID_REQUEST",
    "SET, no.such, 2, '', INVALID_REQUEST",
    "SET, min.insync.replicas, 2, '', NONE",
    "SET, unclean.leader.election.enable, true, 1, NONE",
    "DELETE, log.retention.ms, , '', NONE",
    "DELETE, num.partitions, , 1, NONE",
    "DELETE, no.such, , '', NONE",
    "APPEND, log.cleanup.policy, compact, 1, NONE",
    "APPEND, log.retention.ms, 1, '', INVALID_CONFIG",
    "APPEND, node.id, 2, 1, INVALID_CONFIG",
    "SUBTRACT, log.cleanup.policy, delete, '', NONE",
  })
  void what_of_a_broker_can_be_altered_has_its_code(
      OpType operation, String name, @Nullable String value, String id, Errors expected)
      throws IOException {
    assertEquals(expected, alterBroker(id, config(operation, name, value)));
    boolean set = expected == Errors.NONE && operation != OpType.DELETE;
    assertEquals(
        set ? Set.of(name) : Set.of(),
        sluice.broker().configs().of(ConfigKind.BROKER, id).keySet());
  }

  @Test
  void old_clients_replace_all_defaults_of_a_broker() throws IOException {
    AlterConfigsRequestData both = replacement("1", "log.retention.ms", "5000");
    AlterConfigsRequestData.AlterConfigsResource broker =
        both.resources().iterator().next().setResourceType(ConfigResource.Type.BROKER.id());
    assertEquals(Errors.NONE, replace(both.setValidateOnly(true)));
    assertEquals(Map.of(), sluice.broker().configs().of(ConfigKind.BROKER, "1"));
    assertEquals(Errors.NONE, replace(both.setValidateOnly(false)));
    assertEquals(
        Map.of("log.retention.ms", "5000"), sluice.broker().configs().of(ConfigKind.BROKER, "1"));
    broker
        .configs()
        .mustAdd(new AlterConfigsRequestData.AlterableConfig().setName("node.id").setValue("2"));
    assertEquals(Errors.INVALID_REQUEST, replace(both));
    broker.configs().clear();
    assertEquals(Errors.NONE, replace(both));
    assertEquals(Map.of(), sluice.broker().configs().of(ConfigKind.BROKER, "1"));
  }

  private Errors alterLogger(String broker, AlterableConfig config) throws IOException {
    return Errors.forCode(
        alter(resource(ConfigResource.Type.BROKER_LOGGER, broker, config)).getFirst().errorCode());
  }

  private String level(String logger) throws IOException {
    return describe(ConfigResource.Type.BROKER_LOGGER, "1", List.of(logger))
        .configs()
        .getFirst()
        .value();
  }

  @Test
  void loggers_have_levels_until_the_broker_stops() throws IOException {
    String listener = KafkaListener.class.getName();
    String before = level(listener);
    assertEquals(Errors.NONE, alterLogger("1", config(OpType.SET, listener, "TRACE")));
    assertEquals("TRACE", level(listener));
    assertEquals(Errors.NONE, alterLogger("1", config(OpType.DELETE, listener, null)));
    assertEquals(before, level(listener));
    assertEquals(Errors.NONE, alterLogger("1", config(OpType.SET, "io.sluice.kafka", "DEBUG")));
    assertEquals("DEBUG", level(listener), "packages are loggers, too");
    assertEquals(Errors.NONE, alterLogger("1", config(OpType.DELETE, "io.sluice.kafka", null)));
    assertEquals(before, level(listener));

    assertEquals(Errors.INVALID_CONFIG, alterLogger("1", config(OpType.SET, listener, "LOUD")));
    assertEquals(Errors.INVALID_CONFIG, alterLogger("1", config(OpType.SET, "no.such", "INFO")));
    assertEquals(Errors.INVALID_REQUEST, alterLogger("1", config(OpType.DELETE, "root", null)));
    assertEquals(Errors.INVALID_REQUEST, alterLogger("2", config(OpType.SET, listener, "INFO")));
    for (String id : List.of("", "2", "x")) {
      assertEquals(
          Errors.INVALID_REQUEST,
          Errors.forCode(describe(ConfigResource.Type.BROKER_LOGGER, id, null).errorCode()));
    }
    assertEquals(before, level(listener));
  }
}
