package io.sluice.client;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;

/** What a producer counts. Safe for use by many threads. */
final class ProducerMetrics implements AutoCloseable {

  private static final String GROUP = "producer-metrics";

  private final ClientMetrics metrics;
  private final Sensor sent;
  private final Sensor errors;
  private final Sensor bytes;
  private final Sensor queueTime;

  ProducerMetrics(SnsProducerConfig config) {
    this.metrics =
        new ClientMetrics(
            config, config.getString(ProducerConfig.CLIENT_ID_CONFIG), "kafka.producer");
    this.sent = metrics.counter(GROUP, "record-send", "records sent");
    this.errors = metrics.counter(GROUP, "record-error", "records that were not sent");
    this.bytes = metrics.counter(GROUP, "byte", "bytes of records sent");
    this.queueTime = metrics.size(GROUP, "record-latency", "ms from send to the service's answer");
  }

  /**
   * A record is with the service.
   *
   * @param nanos since it was given to the producer
   */
  void published(long size, long nanos) {
    sent.record(1);
    bytes.record((double) size);
    queueTime.record(nanos / 1e6);
  }

  /** One was given up. */
  void failed() {
    errors.record(1);
  }

  /** All of them. */
  Map<MetricName, ? extends Metric> all() {
    return metrics.all();
  }

  @Override
  public void close() {
    metrics.close();
  }
}
