package io.sluice.broker;

import java.time.Duration;
import java.util.Map;

/**
 * A queue to create.
 *
 * @param name unique among queues; the door that creates it checks its protocol's rules
 * @param attributes what a protocol's door keeps with the queue, opaque here: SQS attributes, tags
 * @param settings what the broker itself heeds
 */
public record NewQueue(String name, Map<String, String> attributes, QueueSettings settings) {

  /** A queue with default settings and no attributes. */
  public static NewQueue named(String name) {
    return new NewQueue(name, Map.of(), QueueSettings.defaults());
  }

  /** This queue with another retention of its inbox. */
  public NewQueue withRetention(Duration retention) {
    return new NewQueue(name, attributes, settings.withRetention(retention));
  }
}
