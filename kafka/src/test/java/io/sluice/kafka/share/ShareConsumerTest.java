package io.sluice.kafka.share;

import static io.sluice.kafka.Waiting.until;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.broker.subscription.Progress;
import io.sluice.kafka.RunningListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups through the unmodified KafkaShareConsumer. */
class ShareConsumerTest {

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("orders").withPartitions(1));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private KafkaShareConsumer<String, String> member(String group, boolean explicit) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("group.id", group);
    configs.put("share.acknowledgement.mode", explicit ? "explicit" : "implicit");
    return new KafkaShareConsumer<>(
        sluice.clientConfigs(configs), new StringDeserializer(), new StringDeserializer());
  }

  private void configure(String group, String name, String value) throws Exception {
    try (Admin admin = sluice.admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private void produce(int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>("orders", "k" + i, "v" + i));
      }
    }
  }

  private static List<ConsumerRecord<String, String>> poll(
      KafkaShareConsumer<String, String> consumer) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static void readUntil(
      KafkaShareConsumer<String, String> consumer, List<String> values, int count)
      throws Exception {
    until(
        () -> {
          poll(consumer).forEach(record -> values.add(record.value()));
          return values.size() >= count;
        });
  }

  private static Set<String> values(int from, int to) {
    Set<String> values = new HashSet<>();
    IntStream.range(from, to).forEach(i -> values.add("v" + i));
    return values;
  }

  @Test
  void what_one_member_takes_no_other_gets() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 1000);
    List<String> seen = new ArrayList<>();
    try (KafkaShareConsumer<String, String> one = member("metrics", false);
        KafkaShareConsumer<String, String> other = member("metrics", false)) {
      one.subscribe(List.of("orders"));
      other.subscribe(List.of("orders"));
      until(
          () -> {
            poll(one).forEach(record -> seen.add(record.value()));
            poll(other).forEach(record -> seen.add(record.value()));
            return seen.size() >= 1000;
          });
    }
    assertEquals(1000, seen.size());
    assertEquals(values(0, 1000), new HashSet<>(seen));
  }

  @Test
  void a_released_record_comes_again_and_is_counted() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 1);
    try (KafkaShareConsumer<String, String> consumer = member("metrics", true)) {
      consumer.subscribe(List.of("orders"));
      List<Short> counts = new ArrayList<>();
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              counts.add(record.deliveryCount().orElseThrow());
              consumer.acknowledge(record, AcknowledgeType.RELEASE);
            }
            return counts.size() == 5;
          });
      assertEquals(List.of((short) 1, (short) 2, (short) 3, (short) 4, (short) 5), counts);
      consumer.commitSync();
      produce(1, 2);
      List<String> next = new ArrayList<>();
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              next.add(record.value());
              consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            }
            return !next.isEmpty();
          });
      assertEquals(List.of("v1"), next);
    }
  }

  @Test
  void a_rejected_record_never_comes_again_and_a_renewed_one_stays() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 3);
    try (KafkaShareConsumer<String, String> consumer = member("metrics", true)) {
      consumer.subscribe(List.of("orders"));
      List<ConsumerRecord<String, String>> held = new ArrayList<>();
      until(() -> held.addAll(poll(consumer)));
      assertEquals(values(0, 3), held.stream().map(ConsumerRecord::value).collect(toSet()));
      assertEquals(Optional.of(30_000), consumer.acquisitionLockTimeoutMs());
      consumer.acknowledge(held.get(0), AcknowledgeType.REJECT);
      consumer.acknowledge(held.get(1), AcknowledgeType.RENEW);
      consumer.acknowledge(held.get(2), AcknowledgeType.RELEASE);
      Map<TopicIdPartition, Optional<KafkaException>> committed = consumer.commitSync();
      committed.values().forEach(error -> assertEquals(Optional.empty(), error));
      List<String> next = new ArrayList<>();
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              next.add(record.value());
              consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            }
            return next.containsAll(values(1, 3));
          });
      assertEquals(2, next.size(), () -> next.toString());
      consumer.commitSync().values().forEach(error -> assertEquals(Optional.empty(), error));
    }
    assertEquals(3, progress("metrics").start());
  }

  private Progress progress(String group) {
    return sluice
        .broker()
        .shareGroups()
        .find(group)
        .orElseThrow()
        .progress(sluice.broker().topics().find("orders").orElseThrow().id(), 0, 5);
  }

  @Test
  void a_group_begins_with_what_comes_after_its_first_member() throws Exception {
    produce(0, 10);
    try (KafkaShareConsumer<String, String> consumer = member("late", false)) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            poll(consumer);
            return sluice.broker().shareGroups().find("late").isPresent();
          });
      produce(10, 12);
      List<String> seen = new ArrayList<>();
      readUntil(consumer, seen, 2);
      assertEquals(List.of("v10", "v11"), seen);
    }
  }

  @Test
  void what_was_acknowledged_stays_so_after_a_restart() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 10);
    List<String> seen = new ArrayList<>();
    try (KafkaShareConsumer<String, String> consumer = member("metrics", true)) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            for (ConsumerRecord<String, String> record : poll(consumer)) {
              boolean even = record.offset() % 2 == 0;
              consumer.acknowledge(record, even ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
              seen.add(record.value());
            }
            return seen.size() >= 10;
          });
      consumer.commitSync();
    }
    sluice = sluice.restarted(folder);
    Map<String, Short> again = new HashMap<>();
    try (KafkaShareConsumer<String, String> consumer = member("metrics", false)) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            poll(consumer).forEach(r -> again.put(r.value(), r.deliveryCount().orElseThrow()));
            return again.size() >= 5;
          });
    }
    assertEquals(Set.of("v1", "v3", "v5", "v7", "v9"), again.keySet());
    assertTrue(again.values().stream().allMatch(count -> count >= 2), () -> again.toString());
  }

  @Test
  void administrators_see_move_and_delete_share_groups() throws Exception {
    produce(0, 10);
    TopicPartition orders = new TopicPartition("orders", 0);
    try (Admin admin = sluice.admin()) {
      admin.alterShareGroupOffsets("metrics", Map.of(orders, 4L)).all().get();
      assertEquals(4, offset(admin, orders).startOffset());
      assertEquals(Optional.of(6L), offset(admin, orders).lag());
      List<String> seen = new ArrayList<>();
      try (KafkaShareConsumer<String, String> consumer = member("metrics", true)) {
        consumer.subscribe(List.of("orders"));
        until(
            () -> {
              for (ConsumerRecord<String, String> record : poll(consumer)) {
                seen.add(record.value());
                boolean first = record.offset() == 4;
                consumer.acknowledge(
                    record, first ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
              }
              return seen.containsAll(values(4, 10));
            });
        consumer.commitSync();
        ShareGroupDescription described =
            admin.describeShareGroups(List.of("metrics")).all().get().get("metrics");
        assertEquals(GroupState.STABLE, described.groupState());
        assertEquals(1, described.members().size());
        assertEquals(
            Set.of(orders), described.members().iterator().next().assignment().topicPartitions());
        assertFails(
            GroupNotEmptyException.class,
            admin.alterShareGroupOffsets("metrics", Map.of(orders, 0L)).all());
        assertFails(
            GroupNotEmptyException.class,
            admin.deleteShareGroupOffsets("metrics", Set.of("orders")).all());
        assertFails(
            GroupNotEmptyException.class, admin.deleteShareGroups(List.of("metrics")).all());
      }
      assertEquals(4, offset(admin, orders).startOffset());
      assertEquals(Optional.of(1L), offset(admin, orders).lag());
      until(() -> state(admin) == GroupState.EMPTY);
      assertFails(
          UnknownTopicOrPartitionException.class,
          admin
              .alterShareGroupOffsets("metrics", Map.of(new TopicPartition("orders", 7), 0L))
              .all());
      assertFails(
          UnknownTopicOrPartitionException.class,
          admin.deleteShareGroupOffsets("metrics", Set.of("nothing")).all());
      admin.alterShareGroupOffsets("metrics", Map.of(orders, 1L)).all().get();
      assertEquals(Optional.of(9L), offset(admin, orders).lag());
      admin.deleteShareGroupOffsets("metrics", Set.of("orders")).all().get();
      assertTrue(sluice.broker().shareGroups().find("metrics").isEmpty());
      admin.alterShareGroupOffsets("metrics", Map.of(orders, 2L)).all().get();
      admin.deleteShareGroups(List.of("metrics")).all().get();
      assertTrue(sluice.broker().shareGroups().find("metrics").isEmpty());
      assertTrue(admin.listGroups().all().get().isEmpty());
      assertFails(
          GroupIdNotFoundException.class, admin.deleteShareGroups(List.of("metrics")).all());
      assertFails(
          GroupIdNotFoundException.class, admin.describeShareGroups(List.of("metrics")).all());
    }
  }

  private static SharePartitionOffsetInfo offset(Admin admin, TopicPartition partition)
      throws Exception {
    return admin
        .listShareGroupOffsets(Map.of("metrics", new ListShareGroupOffsetsSpec()))
        .partitionsToOffsetInfo("metrics")
        .get()
        .get(partition);
  }

  private static GroupState state(Admin admin) throws Exception {
    return admin.describeShareGroups(List.of("metrics")).all().get().get("metrics").groupState();
  }

  private static void assertFails(Class<? extends Exception> error, KafkaFuture<?> future) {
    ExecutionException failure = assertThrows(ExecutionException.class, future::get);
    assertInstanceOf(error, failure.getCause());
  }

  @Test
  void a_deleted_topic_takes_its_share_of_the_group_along() throws Exception {
    configure("metrics", "share.auto.offset.reset", "earliest");
    produce(0, 2);
    try (KafkaShareConsumer<String, String> consumer = member("metrics", false)) {
      consumer.subscribe(List.of("orders"));
      List<String> seen = new ArrayList<>();
      readUntil(consumer, seen, 2);
      sluice.broker().topics().delete("orders");
      sluice.broker().topics().create(NewTopic.named("orders").withPartitions(1));
      produce(2, 4);
      readUntil(consumer, seen, 4);
      assertEquals(values(0, 4), new HashSet<>(seen));
    }
  }

  @Test
  void an_aborted_record_is_for_those_who_read_what_is_not_committed() throws Exception {
    for (String group : List.of("committed", "uncommitted")) {
      configure(group, "share.isolation.level", "read_" + group);
      configure(group, "share.auto.offset.reset", "earliest");
    }
    try (KafkaProducer<String, String> producer =
        sluice.producer(Map.of("transactional.id", "t"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("orders", "aborted"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("orders", "committed"));
      producer.commitTransaction();
    }
    assertEquals(List.of("committed"), readTo("committed", "committed"));
    assertEquals(List.of("aborted", "committed"), readTo("committed", "uncommitted"));
  }

  private List<String> readTo(String last, String group) throws Exception {
    List<String> seen = new ArrayList<>();
    try (KafkaShareConsumer<String, String> consumer = member(group, false)) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            poll(consumer).forEach(record -> seen.add(record.value()));
            return seen.contains(last);
          });
      consumer.commitSync().values().forEach(error -> assertEquals(Optional.empty(), error));
    }
    // Control records are passed over, and are no lag.
    assertEquals(4, progress(group).start());
    return seen;
  }
}
