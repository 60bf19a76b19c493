package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.LoadFailedException;
import io.sluice.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A topic with subscribed queues that nobody receives from. Owned by the scenario's thread. */
final class FanOutTopic implements AutoCloseable {

  private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(20);
  private static final long PROBE_MILLIS = 50;

  private final AwsCalls calls;
  private final String arn;
  private final List<String> queues = new ArrayList<>();
  private long published;

  FanOutTopic(RunningSystem system, int queueCount) {
    calls = QueuePeers.calls(system);
    String name = "fan-out-" + System.nanoTime();
    arn = calls.createTopic(name);
    for (int queue = 0; queue < queueCount; queue++) {
      String url = calls.createQueue(name + "-" + queue);
      calls.subscribe(arn, url, false);
      queues.add(url);
    }
  }

  String arn() {
    return arn;
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
   * @throws LoadFailedException when one has not got all of them, or too many
   */
  void requireAllDelivered() throws InterruptedException {
    long until = System.nanoTime() + DELIVERY_PATIENCE.toNanos();
    for (String queue : queues) {
      long messages = calls.messages(queue);
      while (messages != published) {
        if (System.nanoTime() > until) {
          throw new LoadFailedException(
              "%s has %d of %d messages".formatted(queue, messages, published));
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
