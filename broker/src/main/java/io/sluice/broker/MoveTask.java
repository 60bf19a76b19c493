package io.sluice.broker;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;

/**
 * That messages of a dead-letter queue move to another queue; immutable.
 *
 * @param id given at its start, never used again
 * @param source the name of the queue that they leave
 * @param sourceId that queue's id
 * @param destination the name of the queue that they go to; empty: each to the one that it came
 *     from
 * @param maxPerSecond how many move in a second at most; empty: as fast as it goes
 * @param startedAt when it was started
 * @param toMove how many messages there were then
 * @param moved how many have moved; a crash may forget the last of them
 * @param state where it stands
 * @param failure why it failed; empty unless it did
 */
public record MoveTask(
    Uuid id,
    String source,
    Uuid sourceId,
    Optional<String> destination,
    OptionalInt maxPerSecond,
    Instant startedAt,
    long toMove,
    long moved,
    State state,
    Optional<Failure> failure) {

  /** Where a task stands, in Amazon's words ("ListMessageMoveTasks"). */
  public enum State {
    /** It moves messages, also after a restart. */
    RUNNING,
    /** It moved what there was. */
    COMPLETED,
    /** It is about to stop. */
    CANCELLING,
    /** It was stopped. */
    CANCELLED,
    /** It could not go on. */
    FAILED;

    /** Whether there can be no other task of the same source. */
    public boolean isActive() {
      return this == RUNNING || this == CANCELLING;
    }
  }

  /** Why a task could not go on. */
  public enum Failure {
    /** The queue that a message should go to is not there. */
    NO_DESTINATION,
    /** Nothing says where a message came from. */
    NO_ORIGIN,
    /** A fault of the broker's. */
    INTERNAL
  }

  MoveTask moved(long count) {
    return new MoveTask(
        id, source, sourceId, destination, maxPerSecond, startedAt, toMove, count, state, failure);
  }

  MoveTask in(State newState, Optional<Failure> newFailure) {
    return new MoveTask(
        id,
        source,
        sourceId,
        destination,
        maxPerSecond,
        startedAt,
        toMove,
        moved,
        newState,
        newFailure);
  }
}
