package io.sluice.kafka.telemetry;

import io.sluice.broker.ConfigKind;
import io.sluice.broker.Configs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Crc32C;

/** The subscriptions of the metadata journal. Safe for use by many threads. */
final class MetricsSubscriptions {

  private static final String ALL = "*";

  private final Configs configs;
  private volatile List<MetricsSubscription> all;

  MetricsSubscriptions(Configs configs) {
    this.configs = configs;
    this.all = read();
    configs.addListener(ConfigKind.CLIENT_METRICS, name -> all = read());
  }

  private List<MetricsSubscription> read() {
    return configs.names(ConfigKind.CLIENT_METRICS).stream()
        .map(name -> MetricsSubscription.of(configs.of(ConfigKind.CLIENT_METRICS, name)))
        .toList();
  }

  /**
   * What is wanted of one client.
   *
   * @param id changes whenever anything else of it does
   */
  record Wanted(int id, List<String> metrics, int intervalMs) {}

  /** What all subscriptions that match a client want of it together. */
  Wanted of(Uuid instanceId, ClientAttributes client) {
    SortedSet<String> metrics = new TreeSet<>();
    int intervalMs = MetricsSubscription.DEFAULT_INTERVAL_MS;
    for (MetricsSubscription subscription : all) {
      if (subscription.matches(client)) {
        metrics.addAll(subscription.metrics());
        intervalMs = Math.min(intervalMs, subscription.intervalMs());
      }
    }
    List<String> wanted = metrics.contains(ALL) ? List.of(ALL) : List.copyOf(metrics);
    byte[] text = (wanted.toString() + intervalMs).getBytes(StandardCharsets.UTF_8);
    int id = (int) Crc32C.compute(text, 0, text.length) ^ instanceId.hashCode();
    return new Wanted(id, wanted, intervalMs);
  }
}
