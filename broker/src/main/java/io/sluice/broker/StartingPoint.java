package io.sluice.broker;

import java.time.Instant;

/** Where in a topic a reader begins. */
public sealed interface StartingPoint {

  /** The first record that still exists. */
  record Earliest() implements StartingPoint {}

  /** What is appended from now on. */
  record Latest() implements StartingPoint {}

  /**
   * The first record at or after an instant.
   *
   * @param instant compared with the records' timestamps
   */
  record At(Instant instant) implements StartingPoint {}

  /**
   * An offset, the same in every partition; where a partition does not have it, its nearer end.
   *
   * @param offset at least 0
   */
  record Offset(long offset) implements StartingPoint {}
}
