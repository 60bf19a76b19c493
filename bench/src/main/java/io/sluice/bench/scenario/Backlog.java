package io.sluice.bench.scenario;

import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.load.ReceiveAndDelete;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.RunningSystem;
import java.io.IOException;

/**
 * A queue with messages that wait in it. A queue of Sluice also gets what a Kafka producer writes
 * to a topic that it is subscribed to, which is how millions come into it within seconds. Owned by
 * the thread of the scenario.
 */
final class Backlog implements AutoCloseable {

  private static final int FILL_CONNECTIONS = 16;
  private static final int FILL_BATCH = 10;
  private static final long FILLED_BY_KAFKA = 1_000_000;

  private final RunningSystem system;
  private final int messageBytes;
  private final AwsCalls calls;
  private final String topic = "filled-" + System.nanoTime();
  private final String url;
  private String topicArn = "";

  Backlog(RunningSystem system, int messageBytes) {
    this.system = system;
    this.messageBytes = messageBytes;
    this.calls = QueuePeers.calls(system);
    this.url = calls.createQueue("backlog-" + System.nanoTime());
  }

  String url() {
    return url;
  }

  /** How many can be received. */
  long messages() {
    return calls.messages(url);
  }

  /** Sends what is missing. */
  void fill(long wanted) throws IOException, InterruptedException {
    long missing = wanted - messages();
    if (missing >= FILLED_BY_KAFKA && system.kafka().isPresent()) {
      subscribe();
      new ProducerPerformance(system.kafka().orElseThrow(), topic, missing, messageBytes).run();
    } else if (missing > 0) {
      send(FILL_CONNECTIONS, Limit.units(missing));
    }
  }

  private void subscribe() {
    if (topicArn.isEmpty()) {
      topicArn = calls.createTopic(topic);
      calls.subscribe(topicArn, url, true);
    }
  }

  /** Sends in batches of ten. */
  Load send(int connections, Limit limit) throws IOException {
    String message = QueuePeers.message(messageBytes);
    return QueuePeers.drive(
        system, connections, () -> Repeated.send(url, message, FILL_BATCH), limit);
  }

  /** Receives ten and deletes them, again and again. */
  Load drain(int connections, Limit limit) throws IOException {
    return QueuePeers.drive(system, connections, () -> new ReceiveAndDelete(url), limit);
  }

  /** Deletes the queue. */
  @Override
  public void close() {
    calls.deleteQueue(url);
    if (!topicArn.isEmpty()) {
      calls.deleteTopic(topicArn);
    }
  }
}
