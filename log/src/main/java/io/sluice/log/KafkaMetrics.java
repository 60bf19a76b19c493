package io.sluice.log;

import java.util.Map;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/** The figures that Kafka's storage keeps about every partition, for the whole process. */
final class KafkaMetrics {

  private KafkaMetrics() {}

  /**
   * Keeps them from becoming management beans, several for each partition: with a thousand
   * partitions that takes longer, and more memory, than to open them.
   */
  static void keepFromManagement() {
    KafkaYammerMetrics.INSTANCE.configure(Map.of(JmxReporter.EXCLUDE_CONFIG, ".*"));
  }
}
