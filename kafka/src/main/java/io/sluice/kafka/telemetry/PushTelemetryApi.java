package io.sluice.kafka.telemetry;

import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.SnappyFrames;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TelemetryTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.PushTelemetryRequest;
import org.apache.kafka.common.requests.PushTelemetryResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PushTelemetry, 0 (KIP-714): the metrics are unpacked and checked; a line of the log says how many
 * came from whom (and, at level DEBUG, which), and they are dropped.
 */
final class PushTelemetryApi implements KafkaApi {

  private static final Logger LOGGER = LoggerFactory.getLogger(PushTelemetryApi.class);

  private final ClientInstances instances;

  PushTelemetryApi(ClientInstances instances) {
    this.instances = instances;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.PUSH_TELEMETRY;
  }

  @Override
  public AbstractResponse handle(RequestContext context, AbstractRequest request) {
    PushTelemetryRequest pushed = (PushTelemetryRequest) request;
    PushTelemetryRequestData data = pushed.data();
    Uuid id = data.clientInstanceId();
    if (Uuid.RESERVED.contains(id)) {
      throw new InvalidRequestException("invalid client instance id " + id);
    }
    MetricsSubscriptions.Wanted wanted = instances.wanted(id, context);
    ClientInstance instance = instances.get(id, wanted);
    instance.pushes(wanted, data.subscriptionId(), data.terminating(), instances.nowMs());
    if (!isKnown(data.compressionType())) {
      instance.mayAskAtOnce();
      throw new UnsupportedCompressionTypeException(
          "Unknown compression type " + data.compressionType());
    }
    if (data.metrics().remaining() > Telemetry.MAX_BYTES) {
      throw new TelemetryTooLargeException(
          data.metrics().remaining() + " bytes are more than " + Telemetry.MAX_BYTES);
    }
    if (data.metrics().hasRemaining()) {
      take(context, id, pushed);
    }
    return new PushTelemetryResponse(new PushTelemetryResponseData());
  }

  private static boolean isKnown(int compression) {
    try {
      return CompressionType.forId(compression) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void take(RequestContext context, Uuid id, PushTelemetryRequest pushed) {
    try {
      if (claimsTooMuch(pushed.data())) {
        throw new TelemetryTooLargeException("it claims more than " + Telemetry.MAX_BYTES);
      }
      var metrics =
          ClientTelemetryUtils.deserializeMetricsData(pushed.metricsData(Telemetry.MAX_BYTES));
      long count =
          metrics.getResourceMetricsList().stream()
              .flatMap(resource -> resource.getScopeMetricsList().stream())
              .mapToLong(scope -> scope.getMetricsCount())
              .sum();
      LOGGER.info("client {} ({}) pushed {} metrics", context.clientId(), id, count);
      LOGGER.debug("metrics of {}: {}", id, metrics);
    } catch (RuntimeException e) {
      throw new InvalidRecordException("the metrics cannot be read", e);
    }
  }

  /** Snappy is unpacked block by block, into as much memory as a block of some bytes claims. */
  private static boolean claimsTooMuch(PushTelemetryRequestData data) {
    return data.compressionType() == CompressionType.SNAPPY.id
        && SnappyFrames.claimedBytes(data.metrics().duplicate()) > Telemetry.MAX_BYTES;
  }
}
