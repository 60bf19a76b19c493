package io.sluice.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kafka-clients: producer, admin, and consumers of both group protocols. */
class KafkaClientTest {

  @TempDir static Path folder;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() {
    sluice = SluiceProcess.in(folder);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_group_of_three_shares_a_topic_and_survives_the_loss_of_one(String protocol)
      throws Exception {
    String topic = "shared-" + protocol;
    create(topic, 6);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(new Member(sluice.consumer("group-" + protocol, protocol), topic));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> members.stream().allMatch(member -> member.assigned().size() == 2));

    produce(topic, 0, 300);
    await().atMost(Duration.ofSeconds(60)).until(() -> distinct(members).size() == 300);
    int deliveries = members.stream().mapToInt(member -> member.received().size()).sum();
    assertEquals(300, deliveries, "each record to one member");
    members.forEach(member -> assertTrue(member.keysInOrder(), "each key in order"));

    members.getFirst().stop();
    produce(topic, 300, 300);
    List<Member> survivors = members.subList(1, 3);
    await().atMost(Duration.ofSeconds(60)).until(() -> distinct(members).size() == 600);
    // One survivor may have read everything before the other has its part.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> survivors.stream().mapToInt(member -> member.assigned().size()).sum() == 6);
    for (Member survivor : survivors) {
      survivor.stop();
    }
  }

  @Test
  void a_late_group_reads_history_and_an_admin_moves_it_back() throws Exception {
    create("history", 2);
    produce("history", 0, 100);
    try (KafkaConsumer<String, String> consumer = sluice.consumer("late", "classic")) {
      consumer.subscribe(Set.of("history"));
      assertEquals(100, poll(consumer, 100).size());
      consumer.commitSync();
    }

    try (Admin admin = sluice.admin()) {
      var committed = admin.listConsumerGroupOffsets("late").partitionsToOffsetAndMetadata().get();
      assertEquals(100, committed.values().stream().mapToLong(o -> o.offset()).sum());
      admin.deleteConsumerGroups(List.of("late")).all().get();
    }

    try (KafkaConsumer<String, String> consumer = sluice.consumer("late", "classic")) {
      consumer.subscribe(Set.of("history"));
      assertEquals(100, poll(consumer, 100).size());
    }
  }

  @Test
  void an_admin_creates_grows_describes_and_deletes() throws Exception {
    try (Admin admin = sluice.admin()) {
      create("grown", 1);
      admin.createPartitions(Map.of("grown", NewPartitions.increaseTo(4))).all().get();
      var described = admin.describeTopics(List.of("grown")).allTopicNames().get();
      assertEquals(
          List.of(4), described.values().stream().map(topic -> topic.partitions().size()).toList());
      assertTrue(admin.listTopics().names().get().contains("grown"));
      assertEquals(1, admin.describeCluster().nodes().get().size());

      admin.deleteTopics(List.of("grown")).all().get();
      assertTrue(!admin.listTopics().names().get().contains("grown"));
    }
  }

  @Test
  void offsets_are_found_by_time_and_seek_works() throws Exception {
    create("timed", 1);
    TopicPartition partition = new TopicPartition("timed", 0);
    try (KafkaProducer<String, String> producer = sluice.producer();
        KafkaConsumer<String, String> consumer = sluice.consumer("timed", "classic")) {
      for (long time = 1_000; time <= 5_000; time += 1_000) {
        producer.send(new ProducerRecord<>("timed", 0, time, "k", "at " + time)).get();
      }
      consumer.assign(Set.of(partition));

      var found = consumer.offsetsForTimes(Map.of(partition, 2_500L));
      assertEquals(List.of(2L), found.values().stream().map(o -> o.offset()).toList());
      consumer.seek(partition, 3);
      List<ConsumerRecord<String, String>> read = poll(consumer, 2);

      assertEquals("at 4000", read.getFirst().value());
      assertEquals(5, consumer.endOffsets(Set.of(partition)).get(partition));
      assertEquals(0, consumer.beginningOffsets(Set.of(partition)).get(partition));
    }
  }

  private static void create(String topic, int partitions) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  private static void produce(String topic, int from, int count)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer = sluice.producer()) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = from; i < from + count; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, "key-" + i % 17, Integer.toString(i))));
      }
      for (Future<RecordMetadata> future : sent) {
        future.get();
      }
    }
  }

  private static List<ConsumerRecord<String, String>> poll(
      KafkaConsumer<String, String> consumer, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(200)).forEach(records::add);
              return records.size() >= count;
            });
    return records;
  }

  private static Set<String> distinct(List<Member> members) {
    Set<String> values = new HashSet<>();
    members.forEach(member -> member.received().forEach(record -> values.add(record.value())));
    return values;
  }

  /** A consumer on a thread of its own; what it received is guarded by this object. */
  private static final class Member {

    private final KafkaConsumer<String, String> consumer;
    private final Thread thread;
    private final List<ConsumerRecord<String, String>> received = new ArrayList<>();
    private Set<TopicPartition> assigned = Set.of();
    private volatile boolean stopping;

    Member(KafkaConsumer<String, String> consumer, String topic) {
      this.consumer = consumer;
      consumer.subscribe(Set.of(topic));
      this.thread = Thread.ofPlatform().daemon().start(this::work);
    }

    private void work() {
      try (consumer) {
        while (!stopping) {
          var records = consumer.poll(Duration.ofMillis(100));
          synchronized (this) {
            records.forEach(received::add);
            assigned = Set.copyOf(consumer.assignment());
          }
          consumer.commitAsync();
        }
        consumer.commitSync();
      }
    }

    synchronized List<ConsumerRecord<String, String>> received() {
      return List.copyOf(received);
    }

    synchronized Set<TopicPartition> assigned() {
      return assigned;
    }

    synchronized boolean keysInOrder() {
      Map<String, Integer> latest = new HashMap<>();
      for (ConsumerRecord<String, String> record : received) {
        int value = Integer.parseInt(record.value());
        Integer before = latest.put(record.key(), value);
        if (before != null && before > value) {
          return false;
        }
      }
      return true;
    }

    void stop() throws InterruptedException {
      stopping = true;
      thread.join();
    }
  }
}
