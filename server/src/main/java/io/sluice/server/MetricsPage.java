package io.sluice.server;

import io.sluice.aws.sns.DeliveryCounters;
import java.util.List;
import java.util.Locale;

/**
 * What {@code GET /metrics} of the admin port shows, in Prometheus' text format, version 0.0.4.
 * Everything is counted since the start.
 */
final class MetricsPage {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String DELIVERIES = "sluice_sns_deliveries_total";

  private MetricsPage() {}

  /** What became of SNS's deliveries to endpoints. */
  static String of(DeliveryCounters deliveries) {
    StringBuilder page = new StringBuilder();
    page.append("# HELP %s Deliveries to endpoints of SNS subscriptions.\n".formatted(DELIVERIES));
    page.append("# TYPE %s counter\n".formatted(DELIVERIES));
    for (String protocol : List.of("http", "https")) {
      for (DeliveryCounters.Outcome outcome : DeliveryCounters.Outcome.values()) {
        page.append(
            "%s{protocol=\"%s\",outcome=\"%s\"} %d\n"
                .formatted(
                    DELIVERIES,
                    protocol,
                    outcome.name().toLowerCase(Locale.ROOT),
                    deliveries.of(protocol, outcome)));
      }
    }
    return page.toString();
  }
}
