package io.sluice.kafka.share;

import static io.sluice.kafka.Waiting.BOUND;
import static io.sluice.kafka.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewMessage;
import io.sluice.broker.NewQueue;
import io.sluice.broker.NewRecord;
import io.sluice.broker.NewTopic;
import io.sluice.broker.Queue;
import io.sluice.broker.QueueDepth;
import io.sluice.broker.ReceivedMessage;
import io.sluice.broker.StartingPoint;
import io.sluice.kafka.RunningListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue and a share group of its name: the same messages, the same locks. */
class ShareQueueTest {

  private static final Duration LOCK = Duration.ofMinutes(10);

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("orders").withPartitions(2));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private KafkaShareConsumer<String, String> member() {
    return member(500);
  }

  private KafkaShareConsumer<String, String> member(int maxRecords) {
    Map<String, Object> configs =
        Map.of(
            "group.id",
            "dispatch",
            "share.acknowledgement.mode",
            "explicit",
            "share.acquire.mode",
            "record_limit",
            "max.poll.records",
            maxRecords);
    return new KafkaShareConsumer<>(
        sluice.clientConfigs(configs), new StringDeserializer(), new StringDeserializer());
  }

  private void produce(int count) {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>("orders", "k" + i, "v" + i));
      }
    }
  }

  private Queue queue() {
    Queue queue = sluice.broker().queues().create(NewQueue.named("dispatch"));
    sluice.broker().sources().add("orders", "dispatch", Map.of(), new StartingPoint.Earliest());
    return queue;
  }

  private static List<String> take(
      KafkaShareConsumer<String, String> consumer, AcknowledgeType verdict) {
    List<String> values = new ArrayList<>();
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
      values.add(record.value());
      consumer.acknowledge(record, verdict);
    }
    return values;
  }

  private static List<ReceivedMessage> receive(Queue queue, int max) throws InterruptedException {
    return max == 0 ? List.of() : queue.receive(max, LOCK, Duration.ZERO);
  }

  private static String value(ReceivedMessage message) {
    return Utils.utf8(message.record().value());
  }

  private static Set<String> values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "v" + i).collect(Collectors.toSet());
  }

  @Test
  void every_message_goes_to_one_of_both() throws Exception {
    Queue queue = queue();
    produce(200);
    List<String> received = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    try (KafkaShareConsumer<String, String> consumer = member(20)) {
      consumer.subscribe(List.of("orders"));
      List<ReceivedMessage> locked = queue.receive(10, LOCK, Duration.ZERO);
      until(
          () -> {
            shared.addAll(take(consumer, AcknowledgeType.ACCEPT));
            // Until the member has joined, it all waits for it.
            int max = shared.isEmpty() ? 0 : 10;
            for (ReceivedMessage message : receive(queue, max)) {
              received.add(value(message));
              queue.acknowledge(List.of(message.receipt())).join();
            }
            return received.size() + shared.size() >= 190;
          });
      consumer.commitSync();
      locked.forEach(message -> received.add(value(message)));
      assertEquals(new QueueDepth(0, 10, 0), queue.depth());
      // What a receiver gives back wakes the member.
      locked.forEach(message -> queue.changeVisibility(message.receipt(), Duration.ZERO));
      List<String> returned = new ArrayList<>();
      until(
          () -> {
            returned.addAll(take(consumer, AcknowledgeType.ACCEPT));
            return returned.size() >= 10;
          });
      assertEquals(
          locked.stream().map(ShareQueueTest::value).collect(Collectors.toSet()),
          new HashSet<>(returned));
    }
    assertEquals(200, received.size() + shared.size());
    assertTrue(!shared.isEmpty() && received.size() >= 10);
    received.addAll(shared);
    assertEquals(values(200), new HashSet<>(received));
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
  }

  @Test
  void what_a_member_releases_wakes_a_receiver() throws Exception {
    Queue queue = queue();
    produce(1);
    try (KafkaShareConsumer<String, String> consumer = member()) {
      consumer.subscribe(List.of("orders"));
      until(() -> !take(consumer, AcknowledgeType.RELEASE).isEmpty());
      // It asks for no more, and says what it has decided.
      consumer.commitSync();
      List<ReceivedMessage> received = queue.receive(1, LOCK, BOUND);
      assertEquals(List.of("v0"), received.stream().map(ShareQueueTest::value).toList());
      assertTrue(received.getFirst().receiveCount() >= 2);
    }
  }

  @Test
  void a_member_reads_the_inbox_by_its_topic() throws Exception {
    Queue queue = sluice.broker().queues().create(NewQueue.named("dispatch"));
    NewRecord record = new NewRecord(null, Utils.utf8("direct"), List.of());
    queue.send(List.of(new NewMessage(record, Duration.ZERO))).getFirst().join();
    try (KafkaShareConsumer<String, String> consumer = member()) {
      consumer.subscribe(List.of("queue.dispatch"));
      List<String> seen = new ArrayList<>();
      until(() -> seen.addAll(take(consumer, AcknowledgeType.ACCEPT)));
      assertEquals(List.of("direct"), seen);
      consumer.commitSync();
    }
    assertEquals(new QueueDepth(0, 0, 0), queue.depth());
  }

  @Test
  void a_queue_goes_on_where_the_group_stands() throws Exception {
    try (KafkaShareConsumer<String, String> consumer = member()) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            take(consumer, AcknowledgeType.ACCEPT);
            return sluice.broker().shareGroups().find("dispatch").isPresent();
          });
      produce(100);
      List<String> shared = new ArrayList<>();
      until(() -> shared.addAll(take(consumer, AcknowledgeType.ACCEPT)));
      consumer.commitSync();
      Queue queue = sluice.broker().queues().create(NewQueue.named("dispatch"));
      until(
          () -> {
            for (ReceivedMessage message : queue.receive(10, LOCK, Duration.ZERO)) {
              shared.add(value(message));
              queue.acknowledge(List.of(message.receipt())).join();
            }
            shared.addAll(take(consumer, AcknowledgeType.ACCEPT));
            return shared.size() >= 100;
          });
      consumer.commitSync();
      assertEquals(100, shared.size());
      assertEquals(values(100), new HashSet<>(shared));
      // Without its queue the group begins anew, with what comes.
      assertTrue(sluice.broker().queues().delete("dispatch"));
      until(
          () -> {
            take(consumer, AcknowledgeType.ACCEPT);
            return sluice.broker().shareGroups().find("dispatch").isPresent();
          });
      produce(3);
      List<String> anew = new ArrayList<>();
      until(
          () -> {
            anew.addAll(take(consumer, AcknowledgeType.ACCEPT));
            return anew.size() >= 3;
          });
      assertEquals(values(3), new HashSet<>(anew));
    }
  }
}
