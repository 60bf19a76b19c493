package io.sluice.aws.sqs;

import io.sluice.broker.Queue;
import io.sluice.broker.Receipt;
import io.sluice.broker.ReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * What receives with a {@code ReceiveRequestAttemptId} took in the last five minutes, so that one
 * whose answer was lost can be repeated (Amazon's "ReceiveMessage"). Of more than 10,000 receives
 * the oldest are forgotten, as all are at a restart: their messages come again in time. Guarded by
 * its monitor.
 */
final class ReceiveAttempts {

  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final int MAX_ATTEMPTS = 10_000;

  private record Attempt(Uuid queue, String id) {}

  /**
   * What was taken, whose handles stay what they were.
   *
   * @param at when it was asked for last
   */
  private record Taken(Instant at, Instant receivedAt, List<Receipt> receipts) {}

  /** What a receive takes, and when it was received first. */
  record Received(List<ReceivedMessage> messages, Instant at) {}

  private final InstantSource clock;
  private final Map<Attempt, Taken> recent = new LinkedHashMap<>();

  ReceiveAttempts(InstantSource clock) {
    this.clock = clock;
  }

  /** What the same receive took before, when all of it is still in flight. */
  Optional<Received> repeat(Queue queue, String id, Duration visibilityTimeout) {
    return find(new Attempt(queue.id(), id))
        .flatMap(
            taken ->
                queue
                    .receiveAgain(taken.receipts(), visibilityTimeout)
                    .map(messages -> new Received(messages, taken.receivedAt())));
  }

  private synchronized Optional<Taken> find(Attempt attempt) {
    return Optional.ofNullable(recent.get(attempt))
        .filter(taken -> !taken.at().plus(INTERVAL).isBefore(clock.instant()));
  }

  /** Notes what a receive has taken. */
  synchronized void note(Queue queue, String id, Received received) {
    if (received.messages().isEmpty()) {
      return;
    }
    Attempt attempt = new Attempt(queue.id(), id);
    recent.remove(attempt);
    recent.put(
        attempt,
        new Taken(
            clock.instant(),
            received.at(),
            received.messages().stream().map(ReceivedMessage::receipt).toList()));
    Iterator<Taken> oldest = recent.values().iterator();
    Instant tooOld = clock.instant().minus(INTERVAL);
    while (oldest.hasNext()) {
      if (!oldest.next().at().isBefore(tooOld) && recent.size() <= MAX_ATTEMPTS) {
        return;
      }
      oldest.remove();
    }
  }
}
