package io.sluice.client.service;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before an attempt, doubled each time. */
public record Backoff(Duration first, Duration longest) {

  private static final int MOST_DOUBLINGS = 20;

  /**
   * A little less or more than that, so that not everybody comes back at once; ns.
   *
   * @param attempts how many have failed, 1 or more
   */
  public long nanos(int attempts) {
    long most = Nanoseconds.of(longest);
    int doublings = Math.min(attempts - 1, MOST_DOUBLINGS);
    long start = Math.min(Nanoseconds.of(first), most);
    long wait = start > most >> doublings ? most : start << doublings;
    return wait - wait / 5 + ThreadLocalRandom.current().nextLong(2 * wait / 5 + 1);
  }
}
