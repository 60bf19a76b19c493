package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.LoadFailedException;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A topic with subscribed queues that nobody receives from. Owned by the scenario's thread. */
final class SubscribedTopic implements AutoCloseable {

  private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(20);
  private static final long PROBE_MILLIS = 50;
  private static final String ATTRIBUTE = "team";

  private final AwsCalls calls;
  private final String arn;
  private final Publication publication;
  private final int takers;
  private final List<String> queues = new ArrayList<>();
  private long published;

  /** How a message is published. */
  @FunctionalInterface
  private interface Publication {
    Repeated of(String arn, String message);
  }

  private SubscribedTopic(RunningSystem system, Publication publication, int takers) {
    this.calls = QueuePeers.calls(system);
    this.arn = calls.createTopic("topic-" + System.nanoTime());
    this.publication = publication;
    this.takers = takers;
  }

  /** Every queue wants every message. */
  static SubscribedTopic fanOut(RunningSystem system, int queueCount) {
    SubscribedTopic topic = new SubscribedTopic(system, Repeated::publish, queueCount);
    for (int queue = 0; queue < queueCount; queue++) {
      topic.calls.subscribe(topic.arn, topic.addQueue(), false);
    }
    return topic;
  }

  /** Each queue wants the messages for another team; all that are published are for the first's. */
  static SubscribedTopic filtered(RunningSystem system, int queueCount) {
    SubscribedTopic topic =
        new SubscribedTopic(
            system, (arn, message) -> Repeated.publish(arn, message, ATTRIBUTE, team(0)), 1);
    for (int queue = 0; queue < queueCount; queue++) {
      String policy = "{\"%s\":[\"%s\"]}".formatted(ATTRIBUTE, team(queue));
      topic.calls.subscribe(topic.arn, topic.addQueue(), policy);
    }
    return topic;
  }

  private static String team(int queue) {
    return "team-" + queue;
  }

  private String addQueue() {
    String url = calls.createQueue("subscribed-" + System.nanoTime() + "-" + queues.size());
    queues.add(url);
    return url;
  }

  /** Publishes a message, again and again. */
  Repeated publish(String message) {
    return publication.of(arn, message);
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
   * @throws LoadFailedException when one has not got all that are for it, or too many
   */
  void requireDelivered() throws InterruptedException {
    long until = System.nanoTime() + DELIVERY_PATIENCE.toNanos();
    for (int queue = 0; queue < queues.size(); queue++) {
      String url = queues.get(queue);
      long expected = queue < takers ? published : 0;
      long messages = calls.messages(url);
      while (messages != expected) {
        if (System.nanoTime() > until) {
          throw new LoadFailedException(
              "%s has %d of %d messages".formatted(url, messages, expected));
        }
        Thread.sleep(PROBE_MILLIS);
        messages = calls.messages(url);
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
