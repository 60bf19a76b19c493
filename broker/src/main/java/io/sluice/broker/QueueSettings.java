package io.sluice.broker;

import java.time.Duration;
import java.util.Optional;

/**
 * What the broker heeds of a queue's attributes.
 *
 * @param retention how long a message stays in the queue's inbox; what a source brings is kept as
 *     its topic's own retention says
 * @param maxMessageBytes the greatest message that may be sent to the inbox, headers included
 * @param maxInFlight how many messages may be received and not yet acknowledged; SQS: 120,000
 * @param redrive where messages go that were received too often; empty: nowhere
 */
public record QueueSettings(
    Duration retention, int maxMessageBytes, int maxInFlight, Optional<Redrive> redrive) {

  /** Settings of a queue whose messages may be received as often as one likes. */
  public QueueSettings(Duration retention, int maxMessageBytes, int maxInFlight) {
    this(retention, maxMessageBytes, maxInFlight, Optional.empty());
  }

  /** SQS's defaults: four days, 1 MiB, 120,000 in flight. */
  public static QueueSettings defaults() {
    return new QueueSettings(Duration.ofDays(4), 1_048_576, 120_000);
  }

  /** These settings with another redrive. */
  public QueueSettings withRedrive(Optional<Redrive> other) {
    return new QueueSettings(retention, maxMessageBytes, maxInFlight, other);
  }
}
