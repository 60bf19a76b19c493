package io.sluice.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerTest {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);

  @RegisterExtension final BrokerOnDisk disk = new BrokerOnDisk();

  @Test
  void topics_queues_and_sources_are_there_after_a_restart() {
    String cluster = disk.broker().clusterId();
    disk.broker().topics().create(NewTopic.named("orders").withPartitions(3));
    disk.broker().topics().addPartitions("orders", 4);
    disk.broker().topics().alterConfigs("orders", Map.of("retention.ms", "1000"));
    disk.broker().queues().create(NewQueue.named("dispatch"));
    Source source =
        disk.broker()
            .sources()
            .add("orders", "dispatch", Map.of("Raw", "true"), new StartingPoint.Latest());
    long producerId = disk.broker().nextProducerId();

    disk.reopen();

    assertEquals(cluster, disk.broker().clusterId());
    Topic topic = disk.broker().topics().find("orders").orElseThrow();
    assertEquals(4, topic.partitions());
    assertEquals(Map.of("retention.ms", "1000"), topic.configs());
    assertTrue(disk.broker().queues().find("dispatch").isPresent());
    assertEquals(List.of(source), disk.broker().sources().list());
    assertTrue(disk.broker().nextProducerId() > producerId);
  }

  @Test
  void configs_are_there_after_a_restart_and_a_rewrite_of_the_journal() {
    disk.broker().configs().replace(ConfigKind.GROUP, "g", Map.of("a", "1"));
    disk.broker().configs().replace(ConfigKind.GROUP, "gone", Map.of("a", "1"));
    disk.broker().configs().replace(ConfigKind.GROUP, "gone", Map.of());
    for (int i = 0; i <= 10_001; i++) {
      disk.broker()
          .configs()
          .replace(ConfigKind.CLIENT_METRICS, "m", Map.of("i", Integer.toString(i)));
    }

    disk.reopen();

    assertEquals(Map.of("a", "1"), disk.broker().configs().of(ConfigKind.GROUP, "g"));
    assertEquals(List.of("g"), disk.broker().configs().names(ConfigKind.GROUP));
    assertEquals(Map.of("i", "10001"), disk.broker().configs().of(ConfigKind.CLIENT_METRICS, "m"));
    assertEquals(Map.of(), disk.broker().configs().of(ConfigKind.BROKER, ""));
  }

  @Test
  void configs_have_bounds() {
    String most = "x".repeat(ConfigRegistry.MAX_CHARACTERS_OF_ONE - 2);
    assertThrows(
        PolicyViolationException.class,
        () -> disk.broker().configs().replace(ConfigKind.GROUP, "g", Map.of("a", most + "x")));
    disk.broker().configs().replace(ConfigKind.GROUP, "g", Map.of("a", most));
    disk.broker().configs().replace(ConfigKind.GROUP, "g", Map.of("a", most));
    String half = "x".repeat(ConfigRegistry.MAX_CHARACTERS_OF_ONE / 2);
    for (int i = 0;
        i < 2 * ConfigRegistry.MAX_CHARACTERS / ConfigRegistry.MAX_CHARACTERS_OF_ONE - 3;
        i++) {
      disk.broker().configs().replace(ConfigKind.GROUP, "g" + i, Map.of("a", half));
    }
    assertThrows(
        PolicyViolationException.class,
        () -> disk.broker().configs().replace(ConfigKind.CLIENT_METRICS, "m", Map.of("a", half)));
    disk.broker().configs().replace(ConfigKind.GROUP, "g", Map.of());
    disk.broker().configs().replace(ConfigKind.CLIENT_METRICS, "m", Map.of("a", half));
  }

  @Test
  void each_of_three_queues_gets_every_record_once() throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders").withPartitions(3));
    for (String queue : List.of("a", "b", "c")) {
      disk.broker().queues().create(NewQueue.named(queue));
      disk.broker().sources().add("orders", queue, Map.of(), new StartingPoint.Earliest());
    }
    Set<String> published = publish("orders", 100);
    for (String queue : List.of("a", "b", "c")) {
      List<String> received = drain(queue);
      assertEquals(100, received.size());
      assertEquals(published, new HashSet<>(received));
    }
  }

  @Test
  void what_is_not_acknowledged_comes_back_after_its_timeout_also_over_a_restart()
      throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    send(queue, "one");
    ReceivedMessage first = queue.receive(1, VISIBILITY, Duration.ZERO).getFirst();
    assertEquals(List.of(), queue.receive(1, VISIBILITY, Duration.ZERO));
    assertEquals(new QueueDepth(0, 1, 0), queue.depth());

    disk.reopen();
    queue = disk.broker().queues().find("dispatch").orElseThrow();
    assertEquals(List.of(), queue.receive(1, VISIBILITY, Duration.ZERO));
    disk.clock().advance(VISIBILITY);
    ReceivedMessage second = queue.receive(1, VISIBILITY, Duration.ZERO).getFirst();
    assertEquals(2, second.receiveCount());
    assertEquals(first.firstReceivedAt(), second.firstReceivedAt());

    queue.acknowledge(List.of(first.receipt())).join();
    assertEquals(new QueueDepth(0, 1, 0), queue.depth(), "an old receipt changes nothing");
    queue.acknowledge(List.of(second.receipt())).join();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
    disk.reopen();
    disk.clock().advance(VISIBILITY);
    queue = disk.broker().queues().find("dispatch").orElseThrow();
    assertEquals(List.of(), queue.receive(10, VISIBILITY, Duration.ZERO));
  }

  @Test
  void a_delayed_message_waits_and_lets_others_pass() throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    queue
        .send(List.of(new NewMessage(record(null, "late"), Duration.ofSeconds(60))))
        .getFirst()
        .join();
    send(queue, "soon");
    assertEquals(List.of("soon"), texts(queue.receive(10, VISIBILITY, Duration.ZERO)));
    assertEquals(1, queue.depth().delayed());
    disk.clock().advance(Duration.ofSeconds(61));
    ReceivedMessage late =
        queue.receive(10, VISIBILITY, Duration.ZERO).stream()
            .filter(message -> text(message).equals("late"))
            .findFirst()
            .orElseThrow();
    assertEquals(1, late.receiveCount());
  }

  @Test
  void a_late_source_starts_in_the_past_and_a_queue_is_rewound() throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders").withPartitions(2));
    publish("orders", 10);
    disk.clock().advance(Duration.ofMinutes(1));
    Instant between = disk.clock().instant();
    disk.clock().advance(Duration.ofMinutes(1));
    publish("orders", 10);
    Queue queue = disk.broker().queues().create(NewQueue.named("history"));
    disk.broker().sources().add("orders", "history", Map.of(), new StartingPoint.At(between));

    assertEquals(10, drain("history").size());
    queue.rewind(new StartingPoint.Earliest());
    assertEquals(20, queue.depth().available());
    assertEquals(20, drain("history").size());
  }

  @Test
  void a_receiver_that_waits_is_woken_by_a_record() throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders").withPartitions(2));
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Latest());
    List<String> received = new ArrayList<>();
    Thread receiver =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    received.addAll(texts(queue.receive(10, VISIBILITY, Duration.ofSeconds(60))));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    publish("orders", 1);
    receiver.join();
    assertEquals(1, received.size());
  }

  @Test
  void a_receiver_that_is_given_up_leaves_the_messages_to_others() throws Exception {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    CompletableFuture<Void> abandoned = new CompletableFuture<>();
    CompletableFuture<List<ReceivedMessage>> received = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                received.complete(queue.receive(10, VISIBILITY, Duration.ofDays(1), abandoned));
              } catch (InterruptedException e) {
                received.completeExceptionally(e);
              }
            });

    abandoned.complete(null);

    assertEquals(List.of(), received.get(30, TimeUnit.SECONDS));
    send(queue, "one");
    assertEquals(List.of(), queue.receive(10, VISIBILITY, Duration.ofDays(1), abandoned));
    assertEquals(1, drain("dispatch").size());
  }

  @Test
  void a_removed_source_and_a_deleted_topic_still_deliver_what_was_published()
      throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders"));
    disk.broker().queues().create(NewQueue.named("a"));
    disk.broker().queues().create(NewQueue.named("b"));
    Source source =
        disk.broker().sources().add("orders", "a", Map.of(), new StartingPoint.Latest());
    disk.broker().sources().add("orders", "b", Map.of(), new StartingPoint.Latest());
    publish("orders", 5);
    assertTrue(disk.broker().sources().remove(source.id()));
    publish("orders", 5);
    disk.broker().topics().delete("orders");
    assertEquals(List.of(), disk.broker().sources().list());
    disk.broker().topics().create(NewTopic.named("orders"));
    publish("orders", 3);
    disk.reopen();

    assertEquals(5, drain("a").size());
    assertEquals(10, drain("b").size());
    assertEquals(
        1,
        disk.log().partitions().stream()
            .filter(partition -> partition.topicPartition().topic().startsWith("orders"))
            .count(),
        "the drained partitions are gone");
  }

  @Test
  void a_queue_is_rewound_to_an_offset_in_all_partitions_or_in_one() throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders"));
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());
    publish("orders", 5);
    List.of("a", "b", "c").forEach(body -> send(queue, body));
    assertEquals(8, drain("dispatch").size());

    RewindPoint.parse("offset:1").move(queue);
    assertEquals(6, drain("dispatch").size());
    RewindPoint.parse("queue.dispatch-0:2").move(queue);
    assertEquals(List.of("c"), drain("dispatch"));
    RewindPoint.parse("orders-0:4").move(queue);
    disk.reopen();
    assertEquals(1, drain("dispatch").size());
    Queue again = disk.broker().queues().find("dispatch").orElseThrow();
    again.rewind(new StartingPoint.Offset(Long.MAX_VALUE));
    send(again, "d");
    assertEquals(List.of("d"), drain("dispatch"));
  }

  @Test
  void only_what_a_queue_reads_can_be_rewound() {
    disk.broker().topics().create(NewTopic.named("orders"));
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());

    for (String text : List.of("orders-1:0", "others-0:0", "queue.dispatch-0:0")) {
      RewindPoint point = RewindPoint.parse(text);
      assertThrows(UnknownTopicOrPartitionException.class, () -> point.move(queue), text);
    }
    for (String text : List.of("", "offset:", "offset:-1", "offset:9999999999999999999", "-0:1")) {
      assertThrows(IllegalArgumentException.class, () -> RewindPoint.parse(text), text);
    }
  }

  @Test
  void a_queue_created_again_does_not_see_the_old_inbox() throws InterruptedException {
    send(disk.broker().queues().create(NewQueue.named("dispatch")), "old");
    assertTrue(disk.broker().queues().delete("dispatch"));
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    assertEquals(List.of(), queue.receive(10, VISIBILITY, Duration.ZERO));
    send(queue, "new");
    assertEquals(List.of("new"), texts(queue.receive(10, VISIBILITY, Duration.ZERO)));
    assertFalse(disk.broker().queues().delete("never"));
  }

  @Test
  void an_ended_source_ignores_a_topic_that_grew_also_when_the_queue_is_rewound()
      throws InterruptedException {
    disk.broker().topics().create(NewTopic.named("orders"));
    disk.broker().queues().create(NewQueue.named("a"));
    Source source =
        disk.broker().sources().add("orders", "a", Map.of(), new StartingPoint.Latest());
    publish("orders", 5);
    disk.broker().sources().remove(source.id());
    disk.broker().topics().addPartitions("orders", 3);
    disk.reopen();
    disk.broker().queues().find("a").orElseThrow().rewind(new StartingPoint.Earliest());
    disk.reopen();
    assertEquals(5, drain("a").size());
  }

  @Test
  void a_queue_that_was_deleted_is_not_altered_back_into_being() {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.broker().queues().delete("dispatch");
    assertThrows(
        QueueDoesNotExistException.class,
        () -> queue.alter(Map.of("Owner", "nobody"), queue.settings()));
    disk.reopen();
    assertEquals(List.of(), disk.broker().queues().list());
  }

  @Test
  void a_long_name_is_free_again_while_its_old_topic_is_drained() throws InterruptedException {
    String name = "o".repeat(249);
    disk.broker().topics().create(NewTopic.named(name));
    disk.broker().queues().create(NewQueue.named("a"));
    disk.broker().sources().add(name, "a", Map.of(), new StartingPoint.Latest());
    publish(name, 5);
    disk.broker().topics().delete(name);
    disk.broker().topics().create(NewTopic.named(name));
    publish(name, 3);
    disk.reopen();
    assertEquals(5, drain("a").size());
    assertEquals(3, disk.broker().topics().partition(name, 0).endOffset());
  }

  @Test
  void a_clock_that_goes_back_costs_no_messages() throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    disk.clock().advance(Duration.ofMinutes(-5));
    send(queue, "one");
    disk.reopen();
    assertEquals(List.of("one"), drain("dispatch"));
  }

  @Test
  void purge_forgets_everything_in_flight_included() throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    send(queue, "one");
    send(queue, "two");
    ReceivedMessage message = queue.receive(1, VISIBILITY, Duration.ZERO).getFirst();
    queue.purge();
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
    assertFalse(queue.changeVisibility(message.receipt(), VISIBILITY));
    send(queue, "three");
    assertEquals(List.of("three"), texts(queue.receive(10, VISIBILITY, Duration.ZERO)));
  }

  @Test
  void messages_that_always_fail_do_not_starve_new_ones() throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    for (int i = 0; i < 30; i++) {
      send(queue, "poison");
    }
    send(queue, "good");
    boolean good = false;
    for (int i = 0; i < 20 && !good; i++) {
      good = texts(queue.receive(10, Duration.ZERO, Duration.ZERO)).contains("good");
    }
    assertTrue(good);
  }

  @Test
  void messages_that_always_fail_leave_the_topics_their_turns() throws InterruptedException {
    Queue queue = disk.broker().queues().create(NewQueue.named("dispatch"));
    send(queue, "poison");
    queue.receive(1, Duration.ZERO, Duration.ZERO);
    for (String topic : List.of("orders", "returns", "refunds")) {
      disk.broker().topics().create(NewTopic.named(topic));
      disk.broker().sources().add(topic, "dispatch", Map.of(), new StartingPoint.Latest());
      publish(topic, 100);
    }
    Set<String> topics = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      ReceivedMessage message = queue.receive(1, Duration.ZERO, Duration.ZERO).getFirst();
      if (!message.topic().equals("queue.dispatch")) {
        topics.add(message.topic());
        queue.acknowledge(List.of(message.receipt())).join();
      }
    }
    assertEquals(Set.of("orders", "returns", "refunds"), topics);
  }

  @Test
  void keys_go_where_kafka_puts_them() {
    Topic topic = disk.broker().topics().create(NewTopic.named("orders").withPartitions(7));
    for (int i = 0; i < 50; i++) {
      byte[] key = ("customer-" + i).getBytes(StandardCharsets.UTF_8);
      RecordPosition position =
          disk.broker()
              .publisher()
              .publish("orders", List.of(new NewRecord(key, new byte[1], List.of())))
              .getFirst()
              .join();
      assertEquals(BuiltInPartitioner.partitionForKey(key, 7), position.partition());
      assertEquals(topic.id(), position.topicId());
    }
  }

  @Test
  void illegal_topics_are_refused_with_kafkas_errors() {
    disk.broker().topics().create(NewTopic.named("a.b"));
    assertThrows(
        TopicExistsException.class, () -> disk.broker().topics().create(NewTopic.named("a.b")));
    assertThrows(
        InvalidTopicException.class, () -> disk.broker().topics().create(NewTopic.named("a_b")));
    assertThrows(
        InvalidTopicException.class, () -> disk.broker().topics().create(NewTopic.named("a b")));
    assertThrows(
        InvalidTopicException.class,
        () -> disk.broker().topics().create(NewTopic.named("queue.x")));
    assertThrows(
        InvalidPartitionsException.class,
        () -> disk.broker().topics().create(NewTopic.named("c").withPartitions(0)));
    assertThrows(
        InvalidConfigurationException.class,
        () ->
            disk.broker()
                .topics()
                .create(NewTopic.named("c").withConfigs(Map.of("nonsense", "1"))));
    assertThrows(
        InvalidPartitionsException.class, () -> disk.broker().topics().addPartitions("a.b", 1));
    assertThrows(UnknownTopicOrPartitionException.class, () -> disk.broker().topics().delete("c"));
  }

  private Set<String> publish(String topic, int count) {
    List<NewRecord> records = new ArrayList<>();
    Set<String> values = new HashSet<>();
    for (int i = 0; i < count; i++) {
      records.add(record("key-" + i % 5, topic + "-" + i));
      values.add(topic + "-" + i);
    }
    disk.broker().publisher().publish(topic, records).forEach(position -> position.join());
    return values;
  }

  private static void send(Queue queue, String value) {
    queue.send(List.of(new NewMessage(record(null, value), Duration.ZERO))).getFirst().join();
  }

  private static NewRecord record(@org.jspecify.annotations.Nullable String key, String value) {
    return new NewRecord(
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8),
        List.of());
  }

  private List<String> drain(String name) throws InterruptedException {
    Queue queue = disk.broker().queues().find(name).orElseThrow();
    List<String> values = new ArrayList<>();
    while (true) {
      List<ReceivedMessage> messages = queue.receive(10, VISIBILITY, Duration.ZERO);
      if (messages.isEmpty()) {
        return values;
      }
      values.addAll(texts(messages));
      queue.acknowledge(messages.stream().map(ReceivedMessage::receipt).toList()).join();
    }
  }

  private static List<String> texts(List<ReceivedMessage> messages) {
    return messages.stream().map(BrokerTest::text).toList();
  }

  private static String text(ReceivedMessage message) {
    return Utils.utf8(message.record().value());
  }
}
