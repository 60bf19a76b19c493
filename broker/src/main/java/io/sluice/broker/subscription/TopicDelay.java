package io.sluice.broker.subscription;

import java.util.ArrayList;
import java.util.List;

/**
 * For how long a standard queue hides what topics bring. A change of it does not touch messages
 * that are in the queue already (Amazon's "Amazon SQS delay queues"); a restart forgets what it was
 * before. Times are ms, and since the epoch.
 */
final class TopicDelay {

  /** What it was for messages from before a time. */
  private record Former(long until, long delay) {}

  /** So many changes are known; what is from before the first of them has the delay of that. */
  private static final int MAX_FORMER = 100;

  private final List<Former> former = new ArrayList<>();

  /** Spares the lock where there never was any. */
  private volatile boolean any;

  private long current = -1;

  /** Replaces it from {@code now} on. */
  synchronized void set(long millis, long now) {
    // Messages from before the longest delay are available, whatever theirs was.
    former.removeIf(each -> each.until() + each.delay() <= now);
    if (current >= 0 && current != millis) {
      former.add(new Former(now, current));
    }
    if (former.size() > MAX_FORMER) {
      former.removeFirst();
    }
    current = millis;
    any = current > 0 || !former.isEmpty();
  }

  /** Whether it is 0, and was for all messages that may still be hidden. */
  boolean isNever() {
    return !any;
  }

  /** Of a message that was sent then. */
  synchronized long of(long sent) {
    for (Former each : former) {
      if (sent < each.until()) {
        return each.delay();
      }
    }
    return Math.max(0, current);
  }

  /** What it is now. */
  synchronized long current() {
    return Math.max(0, current);
  }
}
