package io.sluice.client.publish;

import org.jspecify.annotations.Nullable;

/**
 * Messages that must come in their order, one after the other: a partition, a message group. Called
 * only with the lock of {@link Publishing} held, in which nothing may block.
 */
public abstract class Lane {

  private @Nullable ActiveLane active;

  /** What is known of it beside what it has. */
  final ActiveLane active() {
    ActiveLane known = active;
    if (known == null) {
      known = new ActiveLane(this);
      active = known;
    }
    return known;
  }

  /** Whether there is no message. */
  protected abstract boolean isEmpty();

  /** When the next message is to go, ns of {@link System#nanoTime}; called while there is one. */
  protected abstract long readyAt();

  /** How large what is next is, about; called while there is something. */
  protected abstract int bytes();

  /**
   * What is next, which may go before it is ready. Throws nothing: what cannot be a message is
   * {@link Outgoing.Refused}.
   */
  protected abstract Outgoing next();
}
