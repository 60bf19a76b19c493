package io.sluice.client.publish;

import io.sluice.client.service.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes that have something, by topic, and which of it goes next: topics by turns, and the
 * lanes of each. Guarded by the lock of {@link Publishing}.
 */
final class ActiveLanes {

  private static final Logger LOGGER = LoggerFactory.getLogger(ActiveLanes.class);

  /** What is said of a message that waited for too long. */
  static final String EXPIRED = "the message was not published in time";

  /** Amazon's "PublishBatch". */
  private static final int MAX_ENTRIES = 10;

  /** A lane and what is known of its first message. */
  static final class Active {
    private final Lane lane;
    private Outgoing.@Nullable Message again;
    private boolean inFlight;
    private long notBefore;
    private int attempts;

    Active(Lane lane) {
      this.lane = lane;
    }

    Optional<Long> readyAt() {
      return inFlight ? Optional.empty() : again == null ? lane.readyAt() : Optional.of(notBefore);
    }

    boolean isReady(long now) {
      return readyAt().filter(at -> at - now <= 0).isPresent();
    }

    /** Whether it has something that waits for nothing but others. */
    boolean isWaiting() {
      return !inFlight && again == null && lane.readyAt().isPresent();
    }

    int bytes() {
      return again == null ? lane.bytes() : again.bytes();
    }

    Outgoing next() {
      return again == null ? lane.next() : again;
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

    /** Its listeners have heard; the next may go. */
    void landed() {
      inFlight = false;
    }

    boolean isEmpty() {
      return !inFlight && again == null && lane.readyAt().isEmpty();
    }
  }

  /** One message of a request. */
  record Entry(Active of, Outgoing.Message message) {}

  /** What is not even tried. */
  record Refusal(Active of, Outgoing.Refused refused) {}

  record Request(String topicArn, List<Entry> entries, List<Refusal> refusals) {

    int size() {
      return entries.size() + refusals.size();
    }

    boolean isEmpty() {
      return size() == 0;
    }

    Stream<Active> lanes() {
      return Stream.concat(entries.stream().map(Entry::of), refusals.stream().map(Refusal::of));
    }
  }

  private final Map<String, Map<Lane, Active>> topics = new LinkedHashMap<>();
  private final int maxRequestBytes;

  ActiveLanes(int maxRequestBytes) {
    this.maxRequestBytes = maxRequestBytes;
  }

  /** A lane may have something. */
  Active add(String topicArn, Lane lane) {
    return topics
        .computeIfAbsent(topicArn, arn -> new LinkedHashMap<>())
        .computeIfAbsent(lane, Active::new);
  }

  /** How long until one is ready, ns; at most {@code longest}. */
  long nanosToWait(long now, long longest) {
    long wait = longest;
    for (Map<Lane, Active> lanes : topics.values()) {
      for (Active active : lanes.values()) {
        wait = Math.min(wait, active.readyAt().orElse(now + longest) - now);
      }
    }
    return wait;
  }

  /** What goes next, whose lanes are in flight until they are told otherwise; null for nothing. */
  @Nullable Request next(long now) {
    Deque<String> arns = new ArrayDeque<>(topics.keySet());
    for (String arn : arns) {
      Map<Lane, Active> lanes = topics.getOrDefault(arn, Map.of());
      Request request = request(arn, lanes, now);
      if (!request.isEmpty()) {
        // Others first, the next time.
        topics.remove(arn);
        topics.put(arn, lanes);
        request
            .lanes()
            .forEach(
                active -> {
                  lanes.remove(active.lane);
                  lanes.put(active.lane, active);
                });
        return request;
      }
      if (lanes.isEmpty()) {
        topics.remove(arn);
      }
    }
    return null;
  }

  private Request request(String arn, Map<Lane, Active> lanes, long now) {
    Request request = new Request(arn, new ArrayList<>(), new ArrayList<>());
    lanes.values().removeIf(Active::isEmpty);
    fill(request, lanes.values(), active -> active.isReady(now), now);
    if (!request.entries().isEmpty()) {
      // A request is paid for whether it has one message or ten.
      fill(request, lanes.values(), Active::isWaiting, now);
    }
    return request;
  }

  private void fill(Request request, Collection<Active> lanes, Predicate<Active> which, long now) {
    int bytes = request.entries().stream().mapToInt(entry -> entry.message().bytes()).sum();
    for (Active active : lanes) {
      if (request.size() == MAX_ENTRIES) {
        break;
      }
      boolean isFirst = request.entries().isEmpty();
      // Only what fits is asked for: a lane makes more of it as long as it is not.
      if (!which.test(active) || (!isFirst && bytes + active.bytes() > maxRequestBytes)) {
        continue;
      }
      Outgoing next = inTime(active.next(), now);
      if (next instanceof Outgoing.Message message) {
        if (!isFirst && bytes + message.bytes() > maxRequestBytes) {
          active.again = message;
          active.notBefore = now;
          continue;
        }
        bytes += message.bytes();
        request.entries().add(new Entry(active, message));
      } else if (next instanceof Outgoing.Refused refused) {
        request.refusals().add(new Refusal(active, refused));
      }
      active.again = null;
      active.inFlight = true;
    }
  }

  /** What waited for too long is not tried. */
  private static Outgoing inTime(Outgoing next, long now) {
    return next instanceof Outgoing.Message message && now - message.expiresAt() >= 0
        ? new Outgoing.Refused(new TimeoutException(EXPIRED), message.listener())
        : next;
  }

  /** Takes all that waits; of a lane that fails, what it gave before. */
  List<Outgoing> whatIsLeft() {
    List<Outgoing> left = new ArrayList<>();
    for (Map<Lane, Active> lanes : topics.values()) {
      for (Active active : lanes.values()) {
        try {
          while (active.again != null || active.lane.readyAt().isPresent()) {
            Outgoing next = active.next();
            active.again = null;
            left.add(next);
          }
        } catch (RuntimeException | Error e) {
          LOGGER.error("nobody hears of what is in a lane that fails", e);
        }
      }
    }
    topics.clear();
    return left;
  }

  boolean isEmpty() {
    topics.values().forEach(lanes -> lanes.values().removeIf(Active::isEmpty));
    return topics.values().stream().allMatch(Map::isEmpty);
  }
}
