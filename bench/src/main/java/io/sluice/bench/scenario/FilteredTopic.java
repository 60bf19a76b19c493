package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.LoadFailedException;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A topic with subscribed queues, each of which wants the messages for another team; all that are
 * published are for the first queue's. Owned by the scenario's thread.
 */
final class FilteredTopic implements AutoCloseable {

  private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(20);
  private static final long PROBE_MILLIS = 50;
  private static final String ATTRIBUTE = "team";

  private final AwsCalls calls;
  private final String arn;
  private final List<String> queues = new ArrayList<>();
  private long published;

  FilteredTopic(RunningSystem system, int queueCount) {
    calls = QueuePeers.calls(system);
    String name = "filter-" + System.nanoTime();
    arn = calls.createTopic(name);
    for (int queue = 0; queue < queueCount; queue++) {
      String url = calls.createQueue(name + "-" + queue);
      calls.subscribe(arn, url, "{\"%s\":[\"%s\"]}".formatted(ATTRIBUTE, team(queue)));
      queues.add(url);
    }
  }

  private static String team(int queue) {
    return "team-" + queue;
  }

  /** Publishes a message for the first queue. */
  Repeated publish(String message) {
    return Repeated.publish(arn, message, ATTRIBUTE, team(0));
  }

  /** Takes note of messages that were published. */
  void published(long messages) {
    published += messages;
  }

  /** How many were published to it in all. */
  long published() {
    return published;
  }

  /**
   * Asks every queue for the number of its messages.
   *
   * @throws LoadFailedException when the first one has not got all of them, or another has any
   */
  void requireDelivered() throws InterruptedException {
    long until = System.nanoTime() + DELIVERY_PATIENCE.toNanos();
    for (String queue : queues) {
      long expected = queue.equals(queues.getFirst()) ? published : 0;
      long messages = calls.messages(queue);
      while (messages != expected) {
        if (System.nanoTime() > until) {
          throw new LoadFailedException(
              "%s has %d of %d messages".formatted(queue, messages, expected));
        }
        Thread.sleep(PROBE_MILLIS);
        messages = calls.messages(queue);
      }
    }
  }

  /** Deletes the topic and its queues. */
  @Override
  public void close() {
    calls.deleteTopic(arn);
    queues.forEach(calls::deleteQueue);
  }
}
