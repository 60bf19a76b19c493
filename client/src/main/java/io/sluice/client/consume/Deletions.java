package io.sluice.client.consume;

import io.sluice.client.service.Nanoseconds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;

/**
 * Deletes what is committed, one commit after the other; those that come while one is under way go
 * together after it, as a request is paid for whether it has one message or ten. Safe for use by
 * many threads.
 */
final class Deletions {

  /** One commit. */
  private record Deletion(
      List<HeldMessage> messages, Duration patience, CompletableFuture<Void> done) {}

  private final QueueRequests requests;
  private final InFlightMessages inFlight;
  private final ExecutorService thread;
  private final Queue<Deletion> waiting = new ConcurrentLinkedQueue<>();

  /**
   * Deletes nothing yet.
   *
   * @param thread a single one, which is ended with this
   */
  Deletions(QueueRequests requests, InFlightMessages inFlight, ExecutorService thread) {
    this.requests = requests;
    this.inFlight = inFlight;
    this.thread = thread;
  }

  /**
   * Deletes messages, not before those of earlier calls.
   *
   * @param patience how long it is tried
   * @return fails with {@link CommitFailedException} when somebody else may have one of them by
   *     now, and with what SQS says
   */
  CompletableFuture<Void> delete(List<HeldMessage> messages, Duration patience) {
    Deletion deletion = new Deletion(messages, patience, new CompletableFuture<>());
    waiting.add(deletion);
    thread.execute(this::deleteWaiting);
    return deletion.done();
  }

  private void deleteWaiting() {
    List<Deletion> together = new ArrayList<>();
    for (Deletion next = waiting.poll(); next != null; next = waiting.poll()) {
      together.add(next);
    }
    if (together.isEmpty()) {
      return;
    }
    // What an earlier commit could not delete, too: who commits now relies on what came before.
    try {
      List<HeldMessage> before = inFlight.committedBefore();
      QueueRequests.Outcome outcome = delete(before, together);
      Set<HeldMessage> upTo = new HashSet<>(before);
      for (Deletion deletion : together) {
        if (outcome.reason() != null) {
          upTo.addAll(deletion.messages());
        }
        tell(deletion, upTo, outcome);
      }
    } catch (RuntimeException | Error e) {
      // Whatever it is: who waits must hear of it.
      together.forEach(deletion -> deletion.done().completeExceptionally(e));
    }
  }

  private QueueRequests.Outcome delete(List<HeldMessage> before, List<Deletion> together) {
    List<HeldMessage> messages = new ArrayList<>(before);
    together.forEach(deletion -> messages.addAll(deletion.messages()));
    Duration longest =
        together.stream().map(Deletion::patience).max(Comparator.naturalOrder()).orElseThrow();
    List<HeldMessage> failed = messages;
    try {
      QueueRequests.Outcome outcome = requests.delete(messages, longest);
      failed = outcome.failed();
      return outcome;
    } finally {
      Collection<HeldMessage> gone = messages;
      if (!failed.isEmpty()) {
        gone = new HashSet<>(messages);
        failed.forEach(gone::remove);
      }
      inFlight.deleted(gone);
      inFlight.notDeleted(failed);
    }
  }

  /**
   * What came of a commit.
   *
   * @param upTo its messages and those of the commits before it
   */
  private static void tell(
      Deletion deletion, Set<HeldMessage> upTo, QueueRequests.Outcome outcome) {
    RuntimeException reason = outcome.reason();
    long lost = deletion.messages().stream().filter(outcome.lost()::contains).count();
    if (reason != null && outcome.failed().stream().anyMatch(upTo::contains)) {
      deletion.done().completeExceptionally(reason);
    } else if (lost > 0) {
      deletion
          .done()
          .completeExceptionally(
              new CommitFailedException(
                  lost
                      + " messages were no longer this consumer's when they were committed; others"
                      + " have received them, or will"));
    } else {
      deletion.done().complete(null);
    }
  }

  /** Takes no more, and waits for what there is. */
  void close(Duration patience) {
    thread.shutdown();
    try {
      thread.awaitTermination(Nanoseconds.of(patience), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
