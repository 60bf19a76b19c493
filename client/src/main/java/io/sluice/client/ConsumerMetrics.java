package io.sluice.client;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;

/** What a consumer counts. Safe for use by many threads. */
final class ConsumerMetrics implements AutoCloseable {

  private static final String FETCHES = "consumer-fetch-manager-metrics";
  private static final String COORDINATION = "consumer-coordinator-metrics";

  private final ClientMetrics metrics;
  private final Sensor records;
  private final Sensor bytes;
  private final Sensor commits;
  private final Sensor commitLatency;

  ConsumerMetrics(SqsConsumerConfig config) {
    this.metrics =
        new ClientMetrics(
            config, config.getString(ConsumerConfig.CLIENT_ID_CONFIG), "kafka.consumer");
    this.records = metrics.counter(FETCHES, "records-consumed", "records consumed");
    this.bytes = metrics.counter(FETCHES, "bytes-consumed", "bytes consumed");
    this.commits = metrics.occurrences(COORDINATION, "commit", "commits");
    this.commitLatency = metrics.size(COORDINATION, "commit-latency", "ms that a commit takes");
  }

  /** The application was given records, whose keys and values are so many bytes. */
  void consumed(int count, long size) {
    records.record(count);
    bytes.record((double) size);
  }

  /**
   * A commit has ended, well or not.
   *
   * @param nanos how long it took
   */
  void committed(long nanos) {
    commits.record();
    commitLatency.record(nanos / 1e6);
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
