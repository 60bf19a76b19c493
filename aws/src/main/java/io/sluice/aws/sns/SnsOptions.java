package io.sluice.aws.sns;

import java.time.Duration;

/**
 * How SNS delivers over HTTP.
 *
 * @param mode where to
 * @param timeout how long an endpoint may take to answer, the connection included
 * @param poll how long a receiver of messages for an endpoint waits at most before it looks around
 */
public record SnsOptions(HttpDeliveryMode mode, Duration timeout, Duration poll) {

  /** Also to this machine; 15 seconds, as Amazon allows; 20 seconds, as SQS's longest poll. */
  public static final SnsOptions DEFAULTS =
      new SnsOptions(HttpDeliveryMode.LOCAL, Duration.ofSeconds(15), Duration.ofSeconds(20));

  /** These options with deliveries to elsewhere. */
  public SnsOptions withMode(HttpDeliveryMode other) {
    return new SnsOptions(other, timeout, poll);
  }
}
