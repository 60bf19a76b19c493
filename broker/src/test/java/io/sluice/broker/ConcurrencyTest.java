package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once: nobody waits for ever, meets an error that is not theirs or breaks the next
 * start. {@code -Dsluice.histories=N} makes it longer.
 */
class ConcurrencyTest {

  private static final int ROUNDS = Integer.getInteger("sluice.histories", 2) * 50;

  @TempDir Path folder;

  /** One thing that a client does. */
  private interface Step {
    void run() throws Exception;
  }

  @Test
  void commands_publishers_and_receivers_of_the_same_topic_and_queue_get_along() throws Exception {
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults())) {
      try (Broker broker = Broker.open(log, folder, BrokerOptions.defaults())) {
        broker.queues().create(NewQueue.named("q"));
        broker.queues().create(NewQueue.named("kept"));
        play(broker);
      }
    }
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, folder, BrokerOptions.defaults())) {
      Queue kept = broker.queues().find("kept").orElseThrow();
      kept.purge();
      assertEquals(0, kept.depth().available());
      send(kept);
      assertEquals(1, kept.receive(10, Duration.ofMinutes(1), Duration.ZERO).size());
    }
  }

  private static void play(Broker broker) throws Exception {
    List<Step> steps =
        List.of(
            () -> broker.topics().create(NewTopic.named("t").withPartitions(2)),
            () -> broker.topics().delete("t"),
            () -> broker.topics().addPartitions("t", 3),
            () -> broker.sources().add("t", "q", Map.of(), new StartingPoint.Earliest()),
            () -> broker.sources().add("t", "kept", Map.of(), new StartingPoint.Latest()),
            () -> broker.sources().ofQueue("q").forEach(s -> broker.sources().remove(s.id())),
            () -> broker.publisher().publish("t", List.of(record())).getFirst().join(),
            () -> broker.publisher().publish("t", List.of(record(), record())).getLast().join(),
            () -> broker.topics().partition("t", 0).deleteRecordsBefore(1),
            () -> queue(broker, "kept").rewind(new StartingPoint.Earliest()),
            () -> queue(broker, "kept").purge(),
            () -> queue(broker, "kept").depth(),
            () -> send(queue(broker, "kept")),
            () -> send(queue(broker, "q")),
            () -> receive(queue(broker, "kept"), Duration.ofMillis(5)),
            () -> receive(queue(broker, "kept"), Duration.ZERO),
            () -> receive(queue(broker, "q"), Duration.ofMillis(5)),
            () -> broker.queues().delete("q"),
            () -> broker.queues().create(NewQueue.named("q")),
            () -> queue(broker, "q").alter(Map.of("a", "b"), queue(broker, "kept").settings()));
    List<Callable<Integer>> players = new ArrayList<>();
    steps.forEach(step -> players.add(() -> play(step)));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> player : threads.invokeAll(players)) {
        player.get();
      }
    }
  }

  private static int play(Step step) throws Exception {
    int done = 0;
    for (int i = 0; i < ROUNDS; i++) {
      try {
        step.run();
        done++;
      } catch (Exception e) {
        Throwable cause = e instanceof CompletionException wrapped ? wrapped.getCause() : e;
        boolean expected =
            cause instanceof UnknownTopicOrPartitionException
                || cause instanceof TopicExistsException
                || cause instanceof InvalidPartitionsException
                || cause instanceof OffsetOutOfRangeException
                || cause instanceof QueueDoesNotExistException
                || cause instanceof QueueExistsException
                || (cause instanceof KafkaStorageException
                    && String.valueOf(cause.getMessage())
                        .matches("partition .* is (offline|deleted)"));
        if (!expected) {
          throw e;
        }
      }
    }
    return done;
  }

  private static Queue queue(Broker broker, String name) {
    return broker.queues().find(name).orElseThrow(() -> new QueueDoesNotExistException(name));
  }

  private static NewRecord record() {
    return new NewRecord(null, "value".getBytes(StandardCharsets.UTF_8), List.of());
  }

  private static void send(Queue queue) {
    queue.send(List.of(new NewMessage(record(), Duration.ZERO))).getFirst().join();
  }

  private static void receive(Queue queue, Duration wait) throws InterruptedException {
    List<ReceivedMessage> received = queue.receive(10, Duration.ofMillis(20), wait);
    queue.acknowledge(received.stream().map(ReceivedMessage::receipt).toList()).join();
  }
}
