package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.broker.subscription.FakeLogStore;
import io.sluice.broker.subscription.SharedAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;

/** Random commands on a broker over partitions in memory, and what they leave to be seen. */
final class BrokerHistory {

  private static final int ADD_PARTITIONS = 3;
  private static final int REMOVE_SOURCE = 12;

  /** Everything that the metadata journal holds, as the public doors show it. */
  record View(
      List<Topic> topics, List<QueueDefinition> queues, List<Source> sources, List<String> reads) {

    static View of(Broker broker) {
      return new View(
          broker.topics().list(),
          broker.queues().list().stream()
              .map(
                  queue ->
                      new QueueDefinition(
                          queue.name(),
                          queue.id(),
                          queue.attributes(),
                          queue.settings(),
                          queue.createdAt(),
                          queue.modifiedAt()))
              .toList(),
          broker.sources().list(),
          reads(broker));
    }

    /** Which share group or queue reads which topic. */
    private static List<String> reads(Broker broker) {
      List<String> reads = new ArrayList<>();
      for (String name : QUEUES) {
        for (String topicName : TOPICS) {
          Optional<Topic> topic = broker.topics().find(topicName);
          Optional<SharedAccess> access = broker.shareGroups().find(name);
          if (topic.isPresent() && access.isPresent() && access.get().reads(topic.get().id())) {
            reads.add(name + " " + topicName);
          }
        }
      }
      return reads;
    }
  }

  static final List<String> TOPICS = List.of("t0", "t1", "t2", "t3");
  static final List<String> QUEUES = List.of("q0", "q1", "q2");
  private static final Duration HOUR = Duration.ofHours(1);

  private final RandomGenerator random;
  private final Broker broker;
  private final FakeClock clock = new FakeClock();
  private int number;

  BrokerHistory(RandomGenerator random, FakeLogStore store, Path folder) {
    this.random = random;
    this.broker = Broker.open(store, folder, BrokerOptions.defaults().withClock(clock));
  }

  Broker broker() {
    return broker;
  }

  /** From now on nothing that was received before is in flight. */
  void later() {
    clock.advance(HOUR.multipliedBy(2));
  }

  /**
   * Whether a step, refused or not, may leave its queue with fewer messages than a restart gives
   * it: a source ends when that is durable, and new partitions are read when that is.
   */
  static boolean mayBringMore(String step) {
    return step.startsWith(ADD_PARTITIONS + " ") || step.startsWith(REMOVE_SOURCE + " ");
  }

  /** One command, which may fail as an operation of a client may; says what it was. */
  String step() throws InterruptedException {
    clock.advance(Duration.ofMillis(random.nextInt(3)));
    String topic = TOPICS.get(random.nextInt(TOPICS.size()));
    String queue = QUEUES.get(random.nextInt(QUEUES.size()));
    Map<String, String> attributes = Map.of("number", Integer.toString(number++));
    int kind = random.nextInt(20);
    String step = kind + " " + topic + " " + queue;
    try {
      switch (kind) {
        case 0, 1 ->
            broker.topics().create(NewTopic.named(topic).withPartitions(1 + random.nextInt(3)));
        case 2 -> broker.topics().delete(topic);
        case ADD_PARTITIONS -> broker.topics().addPartitions(topic, 1 + random.nextInt(5));
        case 4 -> broker.topics().alterConfigs(topic, Map.of("retention.ms", "" + 1000 * number));
        case 5 -> broker.topics().setAttributes(topic, attributes);
        case 6, 7 -> broker.queues().create(NewQueue.named(queue));
        case 8 -> broker.queues().delete(queue);
        case 9 -> alter(queue, attributes);
        case 10, 11 -> broker.sources().add(topic, queue, attributes, new StartingPoint.Earliest());
        case REMOVE_SOURCE -> removeSource();
        case 13 -> publish(broker, topic, "p" + number);
        case 14 -> send(broker, queue, "s" + number);
        case 15, 16, 17 -> broker.topics().find(topic).ifPresent(found -> share(queue, found.id()));
        case 18 ->
            broker
                .topics()
                .find(topic)
                .ifPresent(found -> broker.shareGroups().forget(queue, found.id()));
        default -> receive(queue);
      }
      return step;
    } catch (KafkaException | QueueExistsException | QueueDoesNotExistException e) {
      return step + " refused: " + e.getMessage();
    } catch (CompletionException e) {
      assertInstanceOf(KafkaStorageException.class, e.getCause());
      return step + " refused: " + e.getCause().getMessage();
    }
  }

  private void share(String group, Uuid topicId) {
    broker.shareGroups().read(group, topicId, new StartingPoint.Earliest());
  }

  private void alter(String queue, Map<String, String> attributes) {
    QueueSettings settings = new QueueSettings(Duration.ofMinutes(number), 262_144, 120_000);
    broker.queues().find(queue).ifPresent(found -> found.alter(attributes, settings));
  }

  private void removeSource() {
    List<Source> sources = broker.sources().list();
    if (!sources.isEmpty()) {
      broker.sources().remove(sources.get(random.nextInt(sources.size())).id());
    }
  }

  private void receive(String queue) throws InterruptedException {
    Queue found = broker.queues().find(queue).orElse(null);
    if (found == null) {
      return;
    }
    List<ReceivedMessage> received = found.receive(10, HOUR, Duration.ZERO);
    if (random.nextInt(4) > 0) {
      found.acknowledge(received.stream().map(ReceivedMessage::receipt).toList()).join();
    }
  }

  static void publish(Broker broker, String topic, String value) {
    broker.publisher().publish(topic, List.of(record(value))).getFirst().join();
  }

  static void send(Broker broker, String queue, String value) {
    broker
        .queues()
        .find(queue)
        .orElseThrow(() -> new QueueDoesNotExistException(queue))
        .send(List.of(new NewMessage(record(value), Duration.ZERO)))
        .getFirst()
        .join();
  }

  private static NewRecord record(String value) {
    return new NewRecord(null, value.getBytes(StandardCharsets.UTF_8), List.of());
  }
}
