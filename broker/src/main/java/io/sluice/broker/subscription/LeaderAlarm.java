package io.sluice.broker.subscription;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the leader of the waiters when the subscription itself has news for it: a deadline that
 * comes sooner than it believes, or room where there was none. Guarded by the subscription's lock.
 */
final class LeaderAlarm {

  private final Taker taker;
  private final Waiters waiters;
  private final InstantSource clock;

  /** What the leader waits for at most, ms since the epoch. */
  private long leaderWakesAt = Long.MAX_VALUE;

  /** Whether a receive took nothing because of the limit. */
  private boolean foundFull;

  LeaderAlarm(Taker taker, Waiters waiters, InstantSource clock) {
    this.taker = taker;
    this.waiters = waiters;
    this.clock = clock;
  }

  /** A receive has begun. */
  void received() {
    foundFull = !taker.hasRoom();
  }

  /** The state has changed. */
  void changed() {
    if (taker.nextDeadline() < leaderWakesAt) {
      leaderWakesAt = taker.nextDeadline();
      waiters.wakeLeader();
    }
    if (foundFull && taker.hasRoom()) {
      foundFull = false;
      waiters.wakeLeader();
    }
  }

  /** For how long the leader may wait. */
  long nanosToNextDeadline() {
    leaderWakesAt = taker.nextDeadline();
    return leaderWakesAt == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(Math.max(1, leaderWakesAt - clock.millis()));
  }
}
