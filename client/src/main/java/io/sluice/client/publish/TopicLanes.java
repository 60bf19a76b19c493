package io.sluice.client.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a topic that have something, by turns. Guarded by the lock of {@link Publishing}.
 */
final class TopicLanes {

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicLanes.class);

  private final String arn;
  private final int maxRequestBytes;

  /** Those whose first message was not tried. */
  private final Deque<ActiveLane> waiting = new ArrayDeque<>();

  /** Those whose first message goes again. */
  private final Deque<ActiveLane> repeating = new ArrayDeque<>();

  private final Set<Request> inFlight = new HashSet<>();

  TopicLanes(String arn, int maxRequestBytes) {
    this.arn = arn;
    this.maxRequestBytes = maxRequestBytes;
  }

  String arn() {
    return arn;
  }

  /** A lane may have something. */
  void add(ActiveLane lane) {
    if (lane.begin()) {
      waiting.add(lane);
    }
  }

  /** What goes next, if anything, whose lanes are in flight until they {@link #land}. */
  Request next(long now) {
    Request request = new Request(arn, maxRequestBytes);
    // Before there is anything in it: nothing of it is lost when a lane fails.
    inFlight.add(request);
    fill(request, repeating, true, now);
    fill(request, waiting, true, now);
    if (!request.entries().isEmpty()) {
      // A request is paid for whether it has one message or ten.
      fill(request, waiting, false, now);
    }
    if (request.isEmpty()) {
      inFlight.remove(request);
    }
    return request;
  }

  private void fill(Request request, Deque<ActiveLane> from, boolean onlyReady, long now) {
    List<ActiveLane> putBack = new ArrayList<>(0);
    Iterator<ActiveLane> lanes = from.iterator();
    while (!request.isFull() && lanes.hasNext()) {
      ActiveLane lane = lanes.next();
      // Only what fits is asked for: a lane makes more of it as long as it is not.
      if ((onlyReady && !lane.isReady(now)) || !request.hasRoomFor(lane.bytes())) {
        continue;
      }
      Outgoing next = inTime(lane.next(), now);
      lanes.remove();
      if (next instanceof Outgoing.Message message && !request.hasRoomFor(message.bytes())) {
        lane.putBack(message, now);
        putBack.add(lane);
      } else {
        request.add(lane, next);
        lane.depart();
      }
    }
    if (!putBack.isEmpty()) {
      repeating.addAll(putBack);
    }
  }

  /** What waited for too long is not tried. */
  private static Outgoing inTime(Outgoing next, long now) {
    return next instanceof Outgoing.Message message && now - message.expiresAt() >= 0
        ? new Outgoing.Refused(Outgoing.expired(), message.listener())
        : next;
  }

  /** The lanes of a request are not in flight any more. */
  void land(Request request) {
    inFlight.remove(request);
    request.forEachLane(
        lane -> {
          if (lane.land()) {
            (lane.goesAgain() ? repeating : waiting).add(lane);
          }
        });
  }

  /** How long until one is ready, ns; at most {@code longest}. */
  long nanosToWait(long now, long longest) {
    return Math.min(nanosToWait(waiting, now, longest), nanosToWait(repeating, now, longest));
  }

  private static long nanosToWait(Collection<ActiveLane> lanes, long now, long longest) {
    long wait = longest;
    for (ActiveLane lane : lanes) {
      wait = Math.min(wait, lane.readyAt() - now);
    }
    return wait;
  }

  /** Whether nothing waits or is in flight. */
  boolean isEmpty() {
    return waiting.isEmpty() && repeating.isEmpty() && inFlight.isEmpty();
  }

  /** Takes all of which nobody knows what comes; of a lane that fails, what it gave before. */
  List<Outgoing> whatIsLeft() {
    List<Outgoing> left = new ArrayList<>();
    inFlight.forEach(request -> left.addAll(request.abandon()));
    repeating.forEach(lane -> drain(lane, left));
    waiting.forEach(lane -> drain(lane, left));
    inFlight.forEach(request -> request.forEachLane(lane -> drain(lane, left)));
    return left;
  }

  private static void drain(ActiveLane lane, List<Outgoing> left) {
    try {
      while (!lane.isEmpty()) {
        left.add(lane.next());
      }
    } catch (RuntimeException | Error e) {
      LOGGER.error("nobody hears of what is in a lane that fails", e);
    }
  }
}
