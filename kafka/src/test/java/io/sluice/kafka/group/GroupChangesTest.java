package io.sluice.kafka.group;

import static io.sluice.kafka.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.broker.Broker;
import io.sluice.broker.BrokerOptions;
import io.sluice.broker.NewTopic;
import io.sluice.kafka.RunningListener;
import io.sluice.log.DiskLogStore;
import io.sluice.log.LogStoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What groups go through: restarts of the broker, members that die, topics that change. */
class GroupChangesTest {

  private static final int NOT_MEANWHILE = 600_000;

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("orders").withPartitions(4));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private KafkaConsumer<String, String> member(String protocol, Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>(more);
    configs.put("group.protocol", protocol);
    configs.put("group.id", "metrics");
    configs.put("auto.offset.reset", "earliest");
    configs.put("enable.auto.commit", false);
    configs.putIfAbsent("metadata.max.age.ms", 500);
    if (protocol.equals("classic")) {
      configs.put("heartbeat.interval.ms", 100);
    }
    return sluice.consumer(configs);
  }

  private void produce(String topic, int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i)).get();
      }
    }
  }

  private static void poll(KafkaConsumer<String, String> consumer, List<String> values) {
    consumer.poll(Duration.ofMillis(50)).forEach(record -> values.add(record.value()));
  }

  private static void readUntil(
      KafkaConsumer<String, String> consumer, List<String> values, int count) throws Exception {
    until(
        () -> {
          poll(consumer, values);
          return values.size() >= count;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void members_stay_members_when_the_broker_restarts(String protocol) throws Exception {
    produce("orders", 0, 100);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = member(protocol, Map.of())) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 100);
      consumer.commitSync();
      String before = consumer.groupMetadata().memberId();
      sluice = sluice.restarted(folder);
      produce("orders", 100, 110);
      readUntil(consumer, values, 110);
      consumer.commitSync();
      assertEquals(110, new HashSet<>(values).size());
      assertEquals(110, values.size());
      assertEquals(before, consumer.groupMetadata().memberId());
      try (Admin admin = sluice.admin()) {
        assertEquals(
            1,
            admin
                .describeConsumerGroups(List.of("metrics"))
                .all()
                .get()
                .get("metrics")
                .members()
                .size());
      }
    }
  }

  @Test
  void the_partitions_of_a_dead_member_go_to_the_others() throws Exception {
    Map<String, Object> mortal = Map.of("session.timeout.ms", 6_000);
    KafkaConsumer<String, String> dead = member("classic", mortal);
    try (KafkaConsumer<String, String> survivor = member("classic", mortal)) {
      List<String> values = new ArrayList<>();
      dead.subscribe(List.of("orders"));
      survivor.subscribe(List.of("orders"));
      until(
          () -> {
            poll(dead, values);
            poll(survivor, values);
            return dead.assignment().size() == 2 && survivor.assignment().size() == 2;
          });
      dead.close(
          CloseOptions.groupMembershipOperation(
              CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
      until(
          () -> {
            poll(survivor, values);
            return survivor.assignment().size() == 4;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_static_member_comes_back_to_its_partitions(String protocol) throws Exception {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> other =
        member(protocol, Map.of("group.instance.id", "other"))) {
      KafkaConsumer<String, String> first =
          member(protocol, Map.of("group.instance.id", "comes-and-goes"));
      other.subscribe(List.of("orders"));
      first.subscribe(List.of("orders"));
      until(
          () -> {
            poll(first, values);
            poll(other, values);
            return first.assignment().size() == 2 && other.assignment().size() == 2;
          });
      Set<TopicPartition> its = first.assignment();
      Set<TopicPartition> others = other.assignment();
      first.close();
      try (KafkaConsumer<String, String> again =
          member(protocol, Map.of("group.instance.id", "comes-and-goes"))) {
        again.subscribe(List.of("orders"));
        until(
            () -> {
              poll(again, values);
              poll(other, values);
              assertEquals(others, other.assignment());
              return again.assignment().equals(its);
            });
      }
    }
  }

  private void makeAgain(String topic) {
    sluice.broker().topics().delete(topic);
    sluice.broker().topics().create(NewTopic.named(topic).withPartitions(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_topic_that_is_made_again_is_read_from_its_start(String protocol) throws Exception {
    produce("orders", 0, 20);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = member(protocol, Map.of())) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 20);
      consumer.commitSync();
    }
    makeAgain("orders");
    produce("orders", 100, 120);
    try (KafkaConsumer<String, String> consumer = member(protocol, Map.of())) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 40);
      assertEquals(40, new HashSet<>(values).size());
    }
  }

  @Test
  void a_member_learns_that_its_topic_was_made_again() throws Exception {
    produce("orders", 0, 20);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = member("consumer", Map.of())) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 20);
      consumer.commitSync();
      makeAgain("orders");
      produce("orders", 100, 120);
      while (new HashSet<>(values).size() < 40) {
        // What is not committed may come again when the new partitions are assigned one by one.
        readUntil(consumer, values, values.size() + 1);
      }
    }
  }

  private static void commit(Admin admin, TopicPartition partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets("batch", Map.of(partition, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Admin admin, TopicPartition partition) throws Exception {
    return admin
        .listConsumerGroupOffsets(
            Map.of("batch", new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))))
        .partitionsToOffsetAndMetadata("batch")
        .get();
  }

  @Test
  void offsets_of_a_topic_that_went_unseen_are_not_its_successors() throws Exception {
    TopicPartition orders = new TopicPartition("orders", 0);
    try (Admin admin = sluice.admin()) {
      commit(admin, orders, 7);
    }
    sluice.close();
    try (DiskLogStore log = DiskLogStore.open(folder, LogStoreOptions.defaults());
        Broker broker = Broker.open(log, folder, BrokerOptions.defaults())) {
      broker.topics().delete("orders");
      broker.topics().create(NewTopic.named("orders"));
    }
    sluice = RunningListener.in(folder);
    try (Admin admin = sluice.admin()) {
      assertNull(committed(admin, orders).get(orders));
    }
  }

  @Test
  void offsets_belong_to_a_topic_and_not_to_its_name() throws Exception {
    TopicPartition orders = new TopicPartition("orders", 0);
    TopicPartition witness = new TopicPartition("witness", 0);
    try (Admin admin = sluice.admin()) {
      for (int i = 1; i <= 20; i++) {
        commit(admin, orders, i);
        makeAgain("orders");
        assertNull(committed(admin, orders).get(orders), "the offset of an older topic");
      }
      commit(admin, orders, 7);
      sluice.broker().topics().create(NewTopic.named("witness"));
      commit(admin, witness, 1);
      makeAgain("orders");
      commit(admin, orders, 8);
      sluice.broker().topics().delete("witness");
      until(
          () ->
              !admin
                  .listConsumerGroupOffsets("batch")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .containsKey(witness));
      assertEquals(8, committed(admin, orders).get(orders).offset());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void new_partitions_are_read(String protocol) throws Exception {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = member(protocol, Map.of())) {
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 4;
          });
      sluice.broker().topics().addPartitions("orders", 6);
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 6;
          });
    }
  }

  @Test
  void a_regular_expression_finds_topics_made_after_a_restart() throws Exception {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        member("consumer", Map.of("metadata.max.age.ms", NOT_MEANWHILE))) {
      consumer.subscribe(new SubscriptionPattern("or.*"));
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 4;
          });
      sluice = sluice.restarted(folder);
      sluice.broker().topics().create(NewTopic.named("orchids").withPartitions(3));
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 7;
          });
      // kafka-clients 4.3.1 loses its heartbeats for good when it asks for a topic whose id is gone
      // (MetadataResponse.errors wants a name), so nothing may have it ask: neither time nor a
      // fetch.
      consumer.pause(consumer.assignment());
      sluice.broker().topics().delete("orders");
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 3;
          });
    }
  }

  @Test
  void groups_are_listed_by_state_and_type() throws Exception {
    List<String> values = new ArrayList<>();
    try (Admin admin = sluice.admin();
        KafkaConsumer<String, String> consumer = member("consumer", Map.of())) {
      admin
          .alterConsumerGroupOffsets(
              "batch", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(7)))
          .all()
          .get();
      consumer.subscribe(List.of("orders"));
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 4;
          });
      assertEquals(Set.of("batch"), listed(admin, GroupState.EMPTY, GroupType.CLASSIC));
      assertEquals(Set.of("metrics"), listed(admin, GroupState.STABLE, GroupType.CONSUMER));
      assertEquals(Set.of(), listed(admin, GroupState.EMPTY, GroupType.CONSUMER));
      assertEquals(Set.of(), listed(admin, GroupState.DEAD, GroupType.CLASSIC));
    }
  }

  private static Set<String> listed(Admin admin, GroupState state, GroupType type)
      throws Exception {
    Set<String> names = new HashSet<>();
    admin
        .listGroups(new ListGroupsOptions().inGroupStates(Set.of(state)).withTypes(Set.of(type)))
        .all()
        .get()
        .forEach(group -> names.add(group.groupId()));
    return names;
  }
}
