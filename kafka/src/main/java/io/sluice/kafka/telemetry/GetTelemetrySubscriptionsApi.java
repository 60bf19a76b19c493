package io.sluice.kafka.telemetry;

import io.sluice.kafka.KafkaApi;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsRequest;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.RequestContext;

/**
 * GetTelemetrySubscriptions, 0 (KIP-714): what all subscriptions that match a client want of it.
 * Apache Kafka serves it only where a plugin receives the metrics. Patterns are RE2's.
 */
final class GetTelemetrySubscriptionsApi implements KafkaApi {

  private static final List<Byte> COMPRESSION =
      List.of(
          CompressionType.ZSTD.id,
          CompressionType.LZ4.id,
          CompressionType.GZIP.id,
          CompressionType.SNAPPY.id);

  private final ClientInstances instances;

  GetTelemetrySubscriptionsApi(ClientInstances instances) {
    this.instances = instances;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    Uuid asked = ((GetTelemetrySubscriptionsRequest) request).data().clientInstanceId();
    Uuid id = asked.equals(Uuid.ZERO_UUID) ? Uuid.randomUuid() : asked;
    MetricsSubscriptions.Wanted wanted = instances.wanted(id, context);
    instances.get(id, wanted).asks(wanted, instances.nowMs());
    return new GetTelemetrySubscriptionsResponse(
        new GetTelemetrySubscriptionsResponseData()
            .setClientInstanceId(id)
            .setSubscriptionId(wanted.id())
            .setRequestedMetrics(wanted.metrics())
            .setAcceptedCompressionTypes(COMPRESSION)
            .setPushIntervalMs(wanted.intervalMs())
            .setTelemetryMaxBytes(Telemetry.MAX_BYTES)
            .setDeltaTemporality(true));
  }
}
