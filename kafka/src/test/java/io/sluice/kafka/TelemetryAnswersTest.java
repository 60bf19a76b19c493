package io.sluice.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.broker.ConfigKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions to metrics of clients, as in Apache Kafka with a plugin that receives them. */
class TelemetryAnswersTest {

  private static final int INTERVAL_MS = 60_000;

  /** Moved by the test's thread alone, between its requests. */
  private static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }

  @TempDir Path folder;
  private final Clock clock = new Clock();
  private RunningListener sluice;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    sluice = RunningListener.in(folder, clock);
    client = new RawClient(sluice.connect());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    sluice.close();
  }

  private void subscribe(String name, Map<String, String> configs) {
    sluice.broker().configs().replace(ConfigKind.CLIENT_METRICS, name, configs);
  }

  private GetTelemetrySubscriptionsResponseData ask(Uuid id) throws IOException {
    return client.call(
        ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
        0,
        new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id),
        GetTelemetrySubscriptionsResponseData.class);
  }

  private Errors push(PushTelemetryRequestData request) throws IOException {
    return Errors.forCode(
        client
            .call(ApiKeys.PUSH_TELEMETRY, 0, request, PushTelemetryResponseData.class)
            .errorCode());
  }

  private static PushTelemetryRequestData metrics(GetTelemetrySubscriptionsResponseData wanted) {
    return new PushTelemetryRequestData()
        .setClientInstanceId(wanted.clientInstanceId())
        .setSubscriptionId(wanted.subscriptionId())
        .setMetrics(ByteBuffer.wrap(MetricsData.getDefaultInstance().toByteArray()));
  }

  private void pass(int millis) {
    clock.now = clock.now.plus(Duration.ofMillis(millis));
  }

  @Test
  void nothing_is_wanted_without_a_subscription() throws IOException {
    GetTelemetrySubscriptionsResponseData wanted = ask(Uuid.ZERO_UUID);
    assertNotEquals(Uuid.ZERO_UUID, wanted.clientInstanceId());
    assertEquals(List.of(), wanted.requestedMetrics());
    assertEquals(300_000, wanted.pushIntervalMs());
    assertEquals(1 << 20, wanted.telemetryMaxBytes());
  }

  @Test
  void all_subscriptions_that_match_a_client_count_together() throws IOException {
    subscribe("a", Map.of("metrics", "org.a.,org.b.", "interval.ms", "60000"));
    subscribe("b", Map.of("metrics", "org.c.", "match", "client_id=ra.,client_software_name=t.*"));
    subscribe("c", Map.of("metrics", "*", "match", "client_id=other"));
    assertEquals(List.of("org.a.", "org.b."), ask(Uuid.ZERO_UUID).requestedMetrics());
    client.call(
        ApiKeys.API_VERSIONS,
        3,
        new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1"),
        ApiVersionsResponseData.class);
    GetTelemetrySubscriptionsResponseData wanted = ask(Uuid.ZERO_UUID);
    assertEquals(List.of("org.a.", "org.b.", "org.c."), wanted.requestedMetrics());
    assertEquals(INTERVAL_MS, wanted.pushIntervalMs());
    subscribe("d", Map.of("metrics", "*"));
    assertEquals(List.of("*"), ask(wanted.clientInstanceId()).requestedMetrics());
  }

  @Test
  void clients_ask_and_push_once_per_interval() throws IOException {
    subscribe("a", Map.of("metrics", "*", "interval.ms", "60000"));
    GetTelemetrySubscriptionsResponseData wanted = ask(Uuid.randomUuid());
    assertEquals(
        Errors.THROTTLING_QUOTA_EXCEEDED.code(), ask(wanted.clientInstanceId()).errorCode());
    assertEquals(Errors.NONE, push(metrics(wanted)), "the first may come early");
    assertEquals(Errors.THROTTLING_QUOTA_EXCEEDED, push(metrics(wanted)));
    pass(INTERVAL_MS);
    assertEquals(Errors.NONE, push(metrics(wanted)));
    assertEquals(Errors.NONE, push(metrics(wanted).setTerminating(true)));
    assertEquals(Errors.INVALID_REQUEST, push(metrics(wanted)));
  }

  @Test
  void a_client_whose_subscription_changed_asks_again_at_once() throws IOException {
    subscribe("a", Map.of("metrics", "org.a."));
    GetTelemetrySubscriptionsResponseData wanted = ask(Uuid.randomUuid());
    subscribe("a", Map.of("metrics", "org.b."));
    assertEquals(Errors.UNKNOWN_SUBSCRIPTION_ID, push(metrics(wanted)));
    GetTelemetrySubscriptionsResponseData again = ask(wanted.clientInstanceId());
    assertEquals(List.of("org.b."), again.requestedMetrics());
    assertEquals(Errors.NONE, push(metrics(again)));
  }

  private Errors pushed(PushTelemetryRequestData request) throws IOException {
    GetTelemetrySubscriptionsResponseData wanted = ask(Uuid.randomUuid());
    return push(
        request
            .setClientInstanceId(wanted.clientInstanceId())
            .setSubscriptionId(wanted.subscriptionId()));
  }

  private static ByteBuffer packed(int bytes) throws IOException {
    return packed(bytes, CompressionType.GZIP);
  }

  private static ByteBuffer packed(int bytes, CompressionType type) throws IOException {
    MetricsData data =
        MetricsData.newBuilder()
            .addResourceMetrics(
                org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics
                    .newBuilder()
                    .setSchemaUrl("x".repeat(bytes)))
            .build();
    return ClientTelemetryUtils.compress(data, type);
  }

  @Test
  void what_is_wrong_with_a_push_has_its_code() throws IOException {
    assertEquals(
        Errors.INVALID_REQUEST,
        push(new PushTelemetryRequestData().setClientInstanceId(Uuid.ZERO_UUID)));
    assertEquals(
        Errors.UNKNOWN_SUBSCRIPTION_ID,
        push(
            new PushTelemetryRequestData()
                .setClientInstanceId(Uuid.randomUuid())
                .setSubscriptionId(1)));
    assertEquals(
        Errors.UNSUPPORTED_COMPRESSION_TYPE,
        pushed(new PushTelemetryRequestData().setCompressionType((byte) 9)));
    assertEquals(
        Errors.TELEMETRY_TOO_LARGE,
        pushed(new PushTelemetryRequestData().setMetrics(ByteBuffer.allocate((1 << 20) + 1))));
    assertEquals(
        Errors.INVALID_RECORD,
        pushed(new PushTelemetryRequestData().setMetrics(ByteBuffer.wrap(new byte[] {1, 2, 3}))));
    byte gzip = CompressionType.GZIP.id;
    assertEquals(
        Errors.NONE,
        pushed(new PushTelemetryRequestData().setCompressionType(gzip).setMetrics(packed(1000))));
    assertEquals(
        Errors.INVALID_RECORD,
        pushed(new PushTelemetryRequestData().setCompressionType(gzip).setMetrics(packed(3 << 20))),
        "no more is unpacked than Kafka takes");
    assertEquals(
        Errors.INVALID_RECORD,
        pushed(
            new PushTelemetryRequestData()
                .setCompressionType(gzip)
                .setMetrics(ByteBuffer.wrap(new byte[] {1, 2, 3}))));
  }

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void no_more_is_unpacked_than_kafka_takes(CompressionType type) throws IOException {
    PushTelemetryRequestData request = new PushTelemetryRequestData().setCompressionType(type.id);
    assertEquals(Errors.NONE, pushed(request.setMetrics(packed(100_000, type))));
    assertEquals(Errors.INVALID_RECORD, pushed(request.setMetrics(packed(8 << 20, type))));
  }

  @Test
  void memory_that_a_snappy_block_claims_is_not_taken() throws IOException {
    ByteBuffer stream = ByteBuffer.allocate(27);
    stream.put(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0}).putInt(1).putInt(1);
    stream.putInt(7).put(new byte[] {-1, -1, -1, -1, 7, 0, 0}).flip();
    try (LogLines log = new LogLines()) {
      assertEquals(
          Errors.INVALID_RECORD,
          pushed(
              new PushTelemetryRequestData()
                  .setCompressionType(CompressionType.SNAPPY.id)
                  .setMetrics(stream)));
      assertEquals(List.of(), log.seen());
    }
  }

  private Errors alter(Admin admin, String name, String config, String value) throws Exception {
    try {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name),
                  List.of(new AlterConfigOp(new ConfigEntry(config, value), OpType.SET))))
          .all()
          .get();
      return Errors.NONE;
    } catch (ExecutionException e) {
      return Errors.forException(e.getCause());
    }
  }

  @Test
  void subscriptions_are_made_by_configuration() throws Exception {
    try (Admin admin = sluice.admin()) {
      assertEquals(Errors.NONE, alter(admin, "s", "match", "client_id=a.*"));
      assertEquals(Errors.NONE, alter(admin, "s", "interval.ms", "100"));
      assertEquals(Errors.INVALID_REQUEST, alter(admin, "s", "interval.ms", "99"));
      assertEquals(Errors.INVALID_CONFIG, alter(admin, "s", "interval.ms", "x"));
      assertEquals(Errors.INVALID_CONFIG, alter(admin, "s", "match", "client_id"));
      assertEquals(Errors.INVALID_CONFIG, alter(admin, "s", "match", "no_such=a"));
      assertEquals(Errors.INVALID_CONFIG, alter(admin, "s", "match", "client_id=("));
      assertEquals(Errors.INVALID_REQUEST, alter(admin, "s", "no.such", "1"));
      assertEquals(Errors.INVALID_REQUEST, alter(admin, "", "interval.ms", "100"));
      ConfigResource resource = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "s");
      assertEquals(
          "client_id=a.*",
          admin.describeConfigs(List.of(resource)).all().get().get(resource).get("match").value());
      assertEquals(
          List.of(resource),
          List.copyOf(
              admin
                  .listConfigResources(
                      Set.of(ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions())
                  .all()
                  .get()));
    }
  }

  @Test
  void a_producer_pushes_its_metrics() throws IOException {
    subscribe("all", Map.of("metrics", "*", "interval.ms", "100"));
    try (LogLines log = new LogLines();
        KafkaProducer<String, String> producer = sluice.producer(Map.of("client.id", "p"))) {
      producer.clientInstanceId(Duration.ofSeconds(30));
      producer.close();
      assertEquals(0, log.seen().size(), () -> log.seen().toString());
    }
  }
}
