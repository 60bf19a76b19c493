package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client quotas: how they are kept, refused and enforced, as by Apache Kafka. */
class QuotaAnswersTest {

  private static final String PRODUCE = "producer_byte_rate";
  private static final String CONSUME = "consumer_byte_rate";

  /** For so long a paused connection is seen to say nothing; its pause is far longer. */
  private static final int SILENCE_MS = 300;

  @TempDir Path folder;
  private RunningListener sluice;
  private Admin admin;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder);
    admin = sluice.admin();
    sluice.broker().topics().create(NewTopic.named("t"));
  }

  @AfterEach
  void stop() {
    admin.close();
    sluice.close();
  }

  /** Types and names in turn; a null name is the default. */
  private static ClientQuotaEntity entity(String... parts) {
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < parts.length; i += 2) {
      entries.put(parts[i], parts[i + 1]);
    }
    return new ClientQuotaEntity(entries);
  }

  private Errors alter(ClientQuotaEntity entity, String key, Double value) throws Exception {
    return alter(List.of(new ClientQuotaAlteration.Op(key, value)), entity, false);
  }

  private Errors alter(
      Collection<ClientQuotaAlteration.Op> ops, ClientQuotaEntity entity, boolean validateOnly)
      throws Exception {
    try {
      admin
          .alterClientQuotas(
              List.of(new ClientQuotaAlteration(entity, ops)),
              new AlterClientQuotasOptions().validateOnly(validateOnly))
          .all()
          .get();
      return Errors.NONE;
    } catch (ExecutionException e) {
      return Errors.forException(e.getCause());
    }
  }

  private Map<ClientQuotaEntity, Map<String, Double>> described(ClientQuotaFilter filter)
      throws Exception {
    return admin.describeClientQuotas(filter).entities().get();
  }

  @Test
  void quotas_are_there_after_a_restart_until_they_are_removed() throws Exception {
    ClientQuotaEntity one = entity("user", "ANONYMOUS", "client-id", "a b&c=ü");
    ClientQuotaEntity rest = entity("user", null);
    ClientQuotaEntity ip = entity("ip", "127.0.0.1");
    assertEquals(Errors.NONE, alter(one, PRODUCE, 1024.0));
    assertEquals(Errors.NONE, alter(one, CONSUME, 2048.0));
    assertEquals(Errors.NONE, alter(rest, "request_percentage", 12.5));
    assertEquals(Errors.NONE, alter(ip, "connection_creation_rate", 10.0));

    sluice = sluice.restarted(folder);

    assertEquals(
        Map.of(
            one,
            Map.of(PRODUCE, 1024.0, CONSUME, 2048.0),
            rest,
            Map.of("request_percentage", 12.5),
            ip,
            Map.of("connection_creation_rate", 10.0)),
        described(ClientQuotaFilter.all()));
    assertEquals(Errors.NONE, alter(rest, "request_percentage", null));
    assertEquals(
        Map.of(),
        described(
            ClientQuotaFilter.containsOnly(
                List.of(ClientQuotaFilterComponent.ofDefaultEntity("user")))));
    assertEquals(
        List.of(one),
        List.copyOf(
            described(
                    ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntityType("user"))))
                .keySet()));
    assertEquals(
        Map.of(),
        described(
            ClientQuotaFilter.containsOnly(
                List.of(ClientQuotaFilterComponent.ofEntity("user", "ANONYMOUS")))));
  }

  @Test
  void what_is_wrong_with_a_quota_has_its_code() throws Exception {
    ClientQuotaEntity user = entity("user", "u");
    assertEquals(Errors.INVALID_REQUEST, alter(entity(), PRODUCE, 1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(entity("group", "g"), PRODUCE, 1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(entity("user", ""), PRODUCE, 1.0));
    assertEquals(
        Errors.INVALID_REQUEST, alter(entity("user", "u", "ip", "127.0.0.1"), PRODUCE, 1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(entity("ip", "127.0.0.1"), PRODUCE, 1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(user, "no_such_rate", 1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(user, PRODUCE, 0.0));
    assertEquals(Errors.INVALID_REQUEST, alter(user, PRODUCE, -1.0));
    assertEquals(Errors.INVALID_REQUEST, alter(user, PRODUCE, Double.NaN));
    assertEquals(Errors.INVALID_REQUEST, alter(user, PRODUCE, 1.5));
    assertEquals(Errors.INVALID_REQUEST, alter(user, PRODUCE, 1e30));
    assertEquals(
        Errors.INVALID_REQUEST,
        alter(
            List.of(
                new ClientQuotaAlteration.Op(PRODUCE, 1.0),
                new ClientQuotaAlteration.Op(PRODUCE, 2.0)),
            user,
            false));
    assertEquals(
        Errors.NONE, alter(List.of(new ClientQuotaAlteration.Op(PRODUCE, 1.0)), user, true));
    assertEquals(Map.of(), described(ClientQuotaFilter.all()));
  }

  @Test
  void what_is_wrong_with_a_filter_has_its_code() {
    assertEquals(
        Errors.INVALID_REQUEST,
        refused(
            ClientQuotaFilterComponent.ofEntityType("user"),
            ClientQuotaFilterComponent.ofDefaultEntity("user")));
    assertEquals(
        Errors.INVALID_REQUEST,
        refused(
            ClientQuotaFilterComponent.ofEntityType("user"),
            ClientQuotaFilterComponent.ofEntityType("ip")));
    assertEquals(Errors.INVALID_REQUEST, refused(ClientQuotaFilterComponent.ofEntityType("")));
    assertEquals(
        Errors.UNSUPPORTED_VERSION, refused(ClientQuotaFilterComponent.ofEntityType("group")));
  }

  private Errors refused(ClientQuotaFilterComponent... components) {
    ClientQuotaFilter filter = ClientQuotaFilter.contains(List.of(components));
    return Errors.forException(
        assertThrows(ExecutionException.class, () -> described(filter)).getCause());
  }

  private static ProduceRequestData records(int bytes) {
    PartitionProduceData partition =
        new PartitionProduceData()
            .setRecords(
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[bytes])));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000);
    request
        .topicData()
        .add(new TopicProduceData().setName("t").setPartitionData(List.of(partition)));
    return request;
  }

  private static int throttleOfProduce(RawClient client, int bytes) throws IOException {
    ProduceResponseData response =
        client.call(ApiKeys.PRODUCE, 9, records(bytes), ProduceResponseData.class);
    assertEquals(
        0, response.responses().iterator().next().partitionResponses().getFirst().errorCode());
    return response.throttleTimeMs();
  }

  private static void assertPaused(RawClient client) throws IOException {
    client.send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
    client.socket().setSoTimeout(SILENCE_MS);
    assertThrows(SocketTimeoutException.class, client::readFrame);
  }

  @Test
  void who_writes_more_than_its_quota_is_answered_and_then_not_read() throws Exception {
    assertEquals(Errors.NONE, alter(entity("client-id", "raw"), PRODUCE, 1_000.0));
    try (RawClient client = new RawClient(sluice.connect())) {
      assertEquals(0, throttleOfProduce(client, 5_000));
      assertTrue(throttleOfProduce(client, 50_000) > 10_000);
      assertPaused(client);
    }
    try (RawClient other = new RawClient(sluice.connect())) {
      assertTrue(throttleOfProduce(other, 1) > 0, "all connections of a client share its quota");
    }
    assertEquals(Errors.NONE, alter(entity("client-id", "raw"), PRODUCE, null));
    try (RawClient free = new RawClient(sluice.connect())) {
      assertEquals(0, throttleOfProduce(free, 50_000));
    }
  }

  @Test
  void the_most_particular_quota_counts() throws Exception {
    assertEquals(Errors.NONE, alter(entity("client-id", null), PRODUCE, 1.0));
    assertEquals(Errors.NONE, alter(entity("user", null), PRODUCE, 1.0));
    assertEquals(Errors.NONE, alter(entity("user", "ANONYMOUS"), PRODUCE, 1.0));
    assertEquals(Errors.NONE, alter(entity("user", "ANONYMOUS", "client-id", "raw"), PRODUCE, 1e9));
    try (RawClient client = new RawClient(sluice.connect())) {
      assertEquals(0, throttleOfProduce(client, 50_000));
    }
    assertEquals(
        Errors.NONE, alter(entity("user", "ANONYMOUS", "client-id", "raw"), PRODUCE, null));
    try (RawClient client = new RawClient(sluice.connect())) {
      assertTrue(throttleOfProduce(client, 50_000) > 0);
    }
  }

  private static FetchRequestData fromTheBegin() {
    FetchRequestData request = new FetchRequestData().setMaxBytes(1 << 20);
    request
        .topics()
        .add(
            new FetchTopic()
                .setTopic("t")
                .setPartitions(
                    List.of(new FetchPartition().setPartition(0).setPartitionMaxBytes(1 << 20))));
    return request;
  }

  @Test
  void who_reads_more_than_its_quota_has_its_records_and_is_then_not_read() throws Exception {
    try (RawClient client = new RawClient(sluice.connect())) {
      throttleOfProduce(client, 50_000);
      FetchResponseData free =
          client.call(ApiKeys.FETCH, 12, fromTheBegin(), FetchResponseData.class);
      assertEquals(0, free.throttleTimeMs());
      assertEquals(Errors.NONE, alter(entity("client-id", null), CONSUME, 1_000.0));
      FetchResponseData throttled =
          client.call(ApiKeys.FETCH, 12, fromTheBegin(), FetchResponseData.class);
      assertTrue(throttled.throttleTimeMs() > 10_000);
      assertTrue(
          throttled.responses().getFirst().partitions().getFirst().records().sizeInBytes()
              > 50_000);
      assertPaused(client);
    }
  }
}
