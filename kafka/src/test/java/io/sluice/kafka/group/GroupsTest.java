package io.sluice.kafka.group;

import static io.sluice.kafka.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.broker.NewTopic;
import io.sluice.kafka.RunningListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups through unmodified kafka-clients, in both of Kafka's group protocols. */
class GroupsTest {

  @TempDir Path folder;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("orders").withPartitions(6));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private KafkaConsumer<String, String> member(String protocol, String group) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("group.protocol", protocol);
    configs.put("group.id", group);
    configs.put("auto.offset.reset", "earliest");
    configs.put("enable.auto.commit", false);
    if (protocol.equals("classic")) {
      configs.put("heartbeat.interval.ms", 100);
    }
    return sluice.consumer(configs);
  }

  private void produce(String topic, int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i));
      }
    }
  }

  private static void poll(KafkaConsumer<String, String> consumer, List<String> values) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
      values.add(record.value());
    }
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
  void three_members_share_the_partitions_and_each_record_goes_to_one(String protocol)
      throws Exception {
    List<String> values = new ArrayList<>();
    List<KafkaConsumer<String, String>> members = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        members.add(member(protocol, "metrics"));
        members.get(i).subscribe(List.of("orders"));
      }
      until(
          () -> {
            members.forEach(member -> poll(member, values));
            return members.stream().allMatch(member -> member.assignment().size() == 2);
          });
      produce("orders", 0, 300);
      until(
          () -> {
            members.forEach(member -> poll(member, values));
            return values.size() >= 300;
          });
      assertEquals(300, new HashSet<>(values).size());
      assertEquals(300, values.size());
      members.forEach(KafkaConsumer::commitSync);

      members.removeLast().close();
      until(
          () -> {
            members.forEach(member -> poll(member, values));
            return members.stream().mapToInt(member -> member.assignment().size()).sum() == 6;
          });
      produce("orders", 300, 400);
      until(
          () -> {
            members.forEach(member -> poll(member, values));
            return values.size() >= 400;
          });
      assertEquals(400, new HashSet<>(values).size());
    } finally {
      members.forEach(KafkaConsumer::close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_group_goes_on_where_it_was_after_a_restart(String protocol) throws Exception {
    produce("orders", 0, 100);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = member(protocol, "metrics")) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 100);
      consumer.commitSync();
    }
    sluice.close();
    sluice = RunningListener.in(folder);
    produce("orders", 100, 110);
    try (KafkaConsumer<String, String> consumer = member(protocol, "metrics")) {
      consumer.subscribe(List.of("orders"));
      readUntil(consumer, values, 110);
      assertEquals(110, new HashSet<>(values).size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void an_administrator_sees_a_group_and_its_members(String protocol) throws Exception {
    try (Admin admin = sluice.admin();
        KafkaConsumer<String, String> consumer = member(protocol, "metrics")) {
      assertEquals(List.of(), List.copyOf(admin.listGroups().all().get()));
      consumer.subscribe(List.of("orders"));
      List<String> values = new ArrayList<>();
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 6;
          });
      GroupListing listed = admin.listGroups().all().get().iterator().next();
      assertEquals("metrics", listed.groupId());
      assertEquals(
          GroupType.valueOf(protocol.toUpperCase(Locale.ROOT)), listed.type().orElseThrow());
      ConsumerGroupDescription described =
          admin
              .describeConsumerGroups(
                  List.of("metrics"),
                  new org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions()
                      .includeAuthorizedOperations(true))
              .all()
              .get()
              .get("metrics");
      assertEquals(GroupState.STABLE, described.groupState());
      assertEquals(6, described.members().iterator().next().assignment().topicPartitions().size());
      assertTrue(described.authorizedOperations().contains(AclOperation.DELETE));

      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> admin.deleteConsumerGroups(List.of("metrics")).all().get());
      assertInstanceOf(GroupNotEmptyException.class, refused.getCause());
    }
  }

  @Test
  void an_administrator_moves_deletes_and_lists_offsets() throws Exception {
    TopicPartition first = new TopicPartition("orders", 0);
    TopicPartition second = new TopicPartition("orders", 1);
    try (Admin admin = sluice.admin()) {
      admin
          .alterConsumerGroupOffsets(
              "batch",
              Map.of(first, new OffsetAndMetadata(7), second, new OffsetAndMetadata(9, "note")))
          .all()
          .get();
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets("batch").partitionsToOffsetAndMetadata().get();
      assertEquals(Set.of(first, second), offsets.keySet());
      assertEquals("note", offsets.get(second).metadata());

      admin.deleteConsumerGroupOffsets("batch", Set.of(first)).all().get();
      assertEquals(
          Set.of(second),
          admin.listConsumerGroupOffsets("batch").partitionsToOffsetAndMetadata().get().keySet());

      TopicPartition missing = new TopicPartition("orders", 60);
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () ->
                  admin
                      .alterConsumerGroupOffsets("batch", Map.of(missing, new OffsetAndMetadata(1)))
                      .all()
                      .get());
      assertInstanceOf(UnknownTopicOrPartitionException.class, refused.getCause());

      admin.deleteConsumerGroups(List.of("batch")).all().get();
      assertEquals(List.of(), List.copyOf(admin.listGroups().all().get()));
      ExecutionException unknown =
          assertThrows(
              ExecutionException.class,
              () -> admin.deleteConsumerGroups(List.of("batch")).all().get());
      assertInstanceOf(GroupIdNotFoundException.class, unknown.getCause());
    }
  }

  @Test
  void offsets_of_a_topic_that_is_being_read_are_not_deleted() throws Exception {
    try (Admin admin = sluice.admin();
        KafkaConsumer<String, String> consumer = member("classic", "metrics")) {
      consumer.subscribe(List.of("orders"));
      List<String> values = new ArrayList<>();
      produce("orders", 0, 10);
      readUntil(consumer, values, 10);
      consumer.commitSync();
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () ->
                  admin
                      .deleteConsumerGroupOffsets(
                          "metrics", Set.of(new TopicPartition("orders", 0)))
                      .all()
                      .get());
      assertInstanceOf(GroupSubscribedToTopicException.class, refused.getCause());
    }
  }

  @Test
  void offsets_of_a_deleted_topic_are_forgotten() throws Exception {
    try (Admin admin = sluice.admin()) {
      sluice.broker().topics().create(NewTopic.named("other"));
      TopicPartition kept = new TopicPartition("other", 0);
      TopicPartition deleted = new TopicPartition("orders", 0);
      admin
          .alterConsumerGroupOffsets(
              "batch", Map.of(deleted, new OffsetAndMetadata(7), kept, new OffsetAndMetadata(9)))
          .all()
          .get();
      sluice.broker().topics().delete("orders");
      until(
          () ->
              admin
                  .listConsumerGroupOffsets("batch")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .keySet()
                  .equals(Set.of(kept)));
    }
  }

  @Test
  void a_regular_expression_follows_new_topics_and_partitions() throws Exception {
    try (KafkaConsumer<String, String> consumer = member("consumer", "metrics")) {
      consumer.subscribe(new SubscriptionPattern("or.*"));
      List<String> values = new ArrayList<>();
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 6;
          });
      sluice.broker().topics().addPartitions("orders", 8);
      until(
          () -> {
            poll(consumer, values);
            return consumer.assignment().size() == 8;
          });
      TreeSet<String> topics = new TreeSet<>();
      consumer.assignment().forEach(partition -> topics.add(partition.topic()));
      assertEquals(Set.of("orders"), topics);
    }
  }
}
