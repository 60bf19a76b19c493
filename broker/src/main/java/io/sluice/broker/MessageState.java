package io.sluice.broker;

import java.time.Instant;

/** Where a message of a queue stands. */
public sealed interface MessageState {

  /** The next receive may take it. */
  record Available() implements MessageState {}

  /** It was received, and nobody else gets it before {@code until}. */
  record InFlight(Instant until) implements MessageState {}

  /** It was sent with a delay, and nobody gets it before {@code until}. */
  record Delayed(Instant until) implements MessageState {}
}
