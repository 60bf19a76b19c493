package io.sluice.broker.subscription;

import java.util.List;

/** Where a subscription's messages go that were received as often as they may be. */
public interface DeadLetterTarget {

  /** How often a message is received. */
  int maxReceiveCount();

  /**
   * Whether there is a place for them at this moment; while there is none, they are received on.
   * Called with the subscription's lock held.
   */
  boolean exists();

  /**
   * Moves messages there, and acknowledges each when it is safe; or makes it available again.
   * Called without the lock, by whoever received them. Does not throw.
   *
   * @param spent in flight for {@link SpentMessages#MOVE}
   */
  void take(List<Delivery> spent);
}
