package io.sluice.client.publish;

import java.util.Optional;

/**
 * Messages that must come in their order, one after the other: a partition, a message group. Called
 * only with the lock of {@link Publishing} held, in which nothing may block.
 */
public interface Lane {

  /** When there is a message, ns of {@link System#nanoTime}; empty while there is none. */
  Optional<Long> readyAt();

  /** How large what is next is, about; called while there is something. */
  int bytes();

  /**
   * What is next, which may go before it is ready. Throws nothing: what cannot be a message is
   * {@link Outgoing.Refused}.
   */
  Outgoing next();
}
