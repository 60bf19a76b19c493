package io.sluice.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Where a group begins to read a topic that it has not read before. */
sealed interface GroupStart {

  /** With what is published from then on. */
  record Latest() implements GroupStart {}

  /** With what was published since then. */
  record Since(Instant time) implements GroupStart {}

  /** So long ago. */
  record Ago(Duration duration) implements GroupStart {}

  /** Nowhere: somebody must have created it. */
  record Nowhere() implements GroupStart {}

  /**
   * By the names of {@code auto.offset.reset}.
   *
   * @throws IllegalArgumentException it is none
   */
  static GroupStart named(String name) {
    return switch (name) {
      case "latest" -> new Latest();
      case "earliest" -> new Since(Instant.EPOCH);
      case "none" -> new Nowhere();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * So long ago (KIP-1106).
   *
   * @throws IllegalArgumentException the duration is negative
   */
  static GroupStart ago(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative");
    }
    return new Ago(duration);
  }

  /** Since when it wants what was published; empty: from now on. */
  default Optional<Instant> since(Instant now) {
    if (this instanceof Since since) {
      return Optional.of(since.time());
    }
    return this instanceof Ago ago ? Optional.of(now.minus(ago.duration())) : Optional.empty();
  }
}
