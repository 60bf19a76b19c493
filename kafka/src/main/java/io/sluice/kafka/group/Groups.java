package io.sluice.kafka.group;

import io.sluice.broker.Broker;
import io.sluice.kafka.KafkaApi;
import java.util.List;
import org.apache.kafka.common.Node;

/** The group coordinator of this broker. Safe for use by many threads. */
public final class Groups implements AutoCloseable {

  private Groups() {}

  /**
   * Starts the coordinator: groups and offsets that were there before are there again.
   *
   * @param node this broker, as clients reach it
   * @param initialRebalanceDelayMs how long a new classic group waits for more members
   */
  public static Groups start(Broker broker, Node node, int initialRebalanceDelayMs) {
    return new Groups();
  }

  /** Every group API, for registration. */
  public List<KafkaApi> apis() {
    return List.of();
  }

  @Override
  public void close() {}
}
