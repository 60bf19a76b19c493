package io.sluice.client;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Meter;
import org.apache.kafka.common.metrics.stats.WindowedCount;
import org.apache.kafka.common.utils.Time;

/** Metrics as Kafka's clients have them, with their names where they mean the same. */
final class ClientMetrics implements AutoCloseable {

  /** Kafka's setting of who reports them. */
  static final String REPORTERS = "metric.reporters";

  private final Metrics metrics;
  private final Map<String, String> tags;

  /**
   * Those of one client.
   *
   * @param domain of JMX, such as {@code kafka.consumer}
   */
  ClientMetrics(AbstractConfig config, String clientId, String domain) {
    List<MetricsReporter> reporters =
        config.getConfiguredInstances(
            REPORTERS, MetricsReporter.class, Map.of("client.id", clientId));
    this.tags = Map.of("client-id", clientId);
    this.metrics =
        new Metrics(new MetricConfig(), reporters, Time.SYSTEM, new KafkaMetricsContext(domain));
  }

  /** A count of events, as a total and a rate per second: {@code NAME-total, NAME-rate}. */
  Sensor counter(String group, String name, String what) {
    Sensor sensor = metrics.sensor(group + name);
    sensor.add(
        new Meter(
            name(group, name + "-rate", "The number of " + what + " per second"),
            name(group, name + "-total", "The total number of " + what)));
    return sensor;
  }

  /** A count of requests, as {@link #counter}, where each event counts one. */
  Sensor occurrences(String group, String name, String what) {
    Sensor sensor = metrics.sensor(group + name);
    sensor.add(
        new Meter(
            new WindowedCount(),
            name(group, name + "-rate", "The number of " + what + " per second"),
            name(group, name + "-total", "The total number of " + what)));
    return sensor;
  }

  /** How large or long something is: {@code NAME-avg, NAME-max}. */
  Sensor size(String group, String name, String what) {
    Sensor sensor = metrics.sensor(group + name);
    sensor.add(name(group, name + "-avg", "The average of " + what), new Avg());
    sensor.add(name(group, name + "-max", "The largest of " + what), new Max());
    return sensor;
  }

  private MetricName name(String group, String name, String description) {
    return metrics.metricName(name, group, description, tags);
  }

  /** All of them. */
  Map<MetricName, ? extends Metric> all() {
    return Map.copyOf(metrics.metrics());
  }

  @Override
  public void close() {
    metrics.close();
  }
}
