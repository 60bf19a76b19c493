package io.sluice.kafka.telemetry;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import io.sluice.kafka.config.Configurable;
import java.util.List;

/** The subscriptions to metrics of clients, and the clients. Safe for use by many threads. */
public final class Telemetry {

  /** Kafka's {@code telemetry.max.bytes}, for what is pushed, packed and unpacked. */
  static final int MAX_BYTES = 1024 * 1024;

  private final Broker broker;
  private final MetricsSubscriptions subscriptions;
  private final ClientInstances instances;

  /** The subscriptions that the metadata journal has. */
  public Telemetry(Broker broker) {
    this.broker = broker;
    this.subscriptions = new MetricsSubscriptions(broker.configs());
    this.instances = new ClientInstances(subscriptions, broker.options().clocks().steady());
  }

  /** The APIs of telemetry, for registration. */
  public List<KafkaApi> apis() {
    return List.of(new GetTelemetrySubscriptionsApi(instances), new PushTelemetryApi(instances));
  }

  /** How subscriptions are made. */
  public Configurable configurable() {
    return new ConfigurableClientMetrics(broker.configs());
  }
}
