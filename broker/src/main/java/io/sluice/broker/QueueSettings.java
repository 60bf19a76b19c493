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
 * @param delay how long a message that a topic brings is hidden after it was published; what is
 *     sent to the inbox of a standard queue has a delay of its own, in a FIFO queue it has this one
 * @param fifo what makes it a FIFO queue; empty for a standard queue
 * @param redrive where messages go that were received too often; empty: nowhere
 */
public record QueueSettings(
    Duration retention,
    int maxMessageBytes,
    int maxInFlight,
    Duration delay,
    Optional<Fifo> fifo,
    Optional<Redrive> redrive) {

  /**
   * A queue whose messages come in the order of their message group, each sent once.
   *
   * @param deduplicationByGroup whether a deduplication id counts within its message group only
   *     (SQS's {@code DeduplicationScope})
   */
  public record Fifo(boolean deduplicationByGroup) {}

  /** Those of a standard queue whose messages may be received as often as one likes. */
  public QueueSettings(Duration retention, int maxMessageBytes, int maxInFlight) {
    this(
        retention, maxMessageBytes, maxInFlight, Duration.ZERO, Optional.empty(), Optional.empty());
  }

  /** SQS's defaults: four days, 1 MiB, 120,000 in flight. */
  public static QueueSettings defaults() {
    return new QueueSettings(Duration.ofDays(4), 1_048_576, 120_000);
  }

  /** These settings for a FIFO queue. */
  public QueueSettings withFifo(Fifo other) {
    return new QueueSettings(
        retention, maxMessageBytes, maxInFlight, delay, Optional.of(other), redrive);
  }

  /** These settings with another delay. */
  public QueueSettings withDelay(Duration other) {
    return new QueueSettings(retention, maxMessageBytes, maxInFlight, other, fifo, redrive);
  }

  /** These settings with another retention. */
  public QueueSettings withRetention(Duration other) {
    return new QueueSettings(other, maxMessageBytes, maxInFlight, delay, fifo, redrive);
  }

  /** These settings with another redrive. */
  public QueueSettings withRedrive(Optional<Redrive> other) {
    return new QueueSettings(retention, maxMessageBytes, maxInFlight, delay, fifo, other);
  }
}
