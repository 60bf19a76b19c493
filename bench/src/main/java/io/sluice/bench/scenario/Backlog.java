package io.sluice.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bench.load.AwsCalls;
import io.sluice.bench.load.Limit;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.ProducerPerformance;
import io.sluice.bench.load.ReceiveAndDelete;
import io.sluice.bench.load.Repeated;
import io.sluice.bench.system.RunningSystem;
import java.io.IOException;
import java.util.Map;

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

  /** A queue that is created. */
  Backlog(RunningSystem system, int messageBytes) {
    this(system, messageBytes, createQueue(system));
  }

  /** A queue that exists. */
  Backlog(RunningSystem system, int messageBytes, String url) {
    this.system = system;
    this.messageBytes = messageBytes;
    this.calls = QueuePeers.calls(system);
    this.url = url;
  }

  private static String createQueue(RunningSystem system) {
    return QueuePeers.calls(system).createQueue("backlog-" + System.nanoTime());
  }

  String url() {
    return url;
  }

  /** How many can be received. */
  long messages() {
    return calls.messages(url);
  }

  /** How many are in the queue, received or not. */
  long allMessages() {
    String hidden = calls.queueAttribute(url, "ApproximateNumberOfMessagesNotVisible");
    return messages() + Long.parseLong(hidden);
  }

  /** Receives once, and returns how many came. */
  int receive() {
    JsonNode answer = calls.sqs("ReceiveMessage", Map.of("QueueUrl", url));
    return answer.path("Messages").size();
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
