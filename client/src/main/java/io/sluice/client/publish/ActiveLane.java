package io.sluice.client.publish;

import io.sluice.client.service.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * Where a lane is, and what is known of its first message. Guarded by the lock of {@link
 * Publishing}.
 */
final class ActiveLane {

  private enum State {
    IDLE,
    WAITING,
    IN_FLIGHT
  }

  private final Lane lane;
  private State state = State.IDLE;
  private Outgoing.@Nullable Message again;
  private long notBefore;
  private int attempts;

  ActiveLane(Lane lane) {
    this.lane = lane;
  }

  /** Whether it has come to have something, and waits from now on. */
  boolean begin() {
    boolean begins = state == State.IDLE && !lane.isEmpty();
    if (begins) {
      state = State.WAITING;
    }
    return begins;
  }

  boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Whether its first message goes once more. */
  boolean goesAgain() {
    return again != null;
  }

  boolean isEmpty() {
    return again == null && lane.isEmpty();
  }

  /** When its first message may go, ns of {@link System#nanoTime}; while it has one. */
  long readyAt() {
    return again == null ? lane.readyAt() : notBefore;
  }

  boolean isReady(long now) {
    return readyAt() - now <= 0;
  }

  int bytes() {
    return again == null ? lane.bytes() : again.bytes();
  }

  /** Takes what is next. */
  Outgoing next() {
    Outgoing.Message first = again;
    again = null;
    return first == null ? lane.next() : first;
  }

  /** It does not go now after all. */
  void putBack(Outgoing.Message message, long now) {
    again = message;
    notBefore = now;
  }

  void depart() {
    state = State.IN_FLIGHT;
  }

  /** Its first message goes again, if there is time before it expires. */
  boolean tryAgain(Outgoing.Message message, Backoff backoff) {
    attempts++;
    long next = System.nanoTime() + backoff.nanos(attempts);
    if (next - message.expiresAt() >= 0) {
      return false;
    }
    again = message;
    notBefore = next;
    return true;
  }

  /** Its first message is done with. */
  void goOn() {
    attempts = 0;
  }

  /** Its listeners have heard; whether it waits with the next. */
  boolean land() {
    state = isEmpty() ? State.IDLE : State.WAITING;
    return state == State.WAITING;
  }
}
