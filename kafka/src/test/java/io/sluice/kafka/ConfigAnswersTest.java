package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    DescribeConfigsResourceResult retention =
        describe(ConfigResource.Type.TOPIC, "t", List.of("retention.ms")).configs().getFirst();
    assertEquals("retention.ms", retention.synonyms().getFirst().name());
    assertEquals("5000", retention.synonyms().getFirst().value());
    assertEquals("log.retention.ms", retention.synonyms().get(1).name());
    assertTrue(retention.documentation().length() > 10);
  }

  @Test
  void brokers_are_described_by_their_id() throws IOException {
    assertTrue(describe(ConfigResource.Type.BROKER, "1", null).configs().size() > 3);
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
}
