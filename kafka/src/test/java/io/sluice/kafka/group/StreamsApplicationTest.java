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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified Kafka Streams, with its classic protocol and with streams groups (KIP-1071). */
class StreamsApplicationTest {

  private static final String CHANGELOG = WordCount.APPLICATION + "-counts-changelog";
  private static final String REPARTITION = WordCount.APPLICATION + "-counts-repartition";

  @TempDir Path folder;
  @TempDir Path state;
  private RunningListener sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = RunningListener.in(folder);
    sluice.broker().topics().create(NewTopic.named("lines").withPartitions(3));
    sluice.broker().topics().create(NewTopic.named("words"));
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  private WordCount wordCount(String protocol) {
    return new WordCount(sluice, state, Map.of("group.protocol", protocol));
  }

  private void produce(String... lines) throws Exception {
    try (KafkaProducer<String, String> producer = sluice.producer(Map.of())) {
      for (String line : lines) {
        producer.send(new ProducerRecord<>("lines", line)).get();
      }
    }
  }

  /** Reads the results until each word has the count that is expected of it. */
  private void untilCounted(WordCount application, Map<String, String> expected) throws Exception {
    Map<String, String> counts = new HashMap<>();
    TopicPartition words = new TopicPartition("words", 0);
    try (KafkaConsumer<String, String> consumer = sluice.consumer(Map.of())) {
      consumer.assign(List.of(words));
      consumer.seekToBeginning(List.of(words));
      until(
          () -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(record -> counts.put(record.key(), record.value()));
            assertEquals(List.of(), application.failures());
            return counts.equals(expected);
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void words_are_counted_on_from_the_changelog_after_a_restart_of_both(String protocol)
      throws Exception {
    produce("to be or", "not to be");
    try (WordCount application = wordCount(protocol)) {
      untilCounted(application, Map.of("to", "2", "be", "2", "or", "1", "not", "1"));
      checkInternalTopics();
    }
    sluice = sluice.restarted(folder);
    produce("be quick");
    try (WordCount application = wordCount(protocol)) {
      untilCounted(application, Map.of("to", "2", "be", "3", "or", "1", "not", "1", "quick", "1"));
      assertTrue(application.restored() >= 4, "restored " + application.restored());
    }
  }

  private void checkInternalTopics() throws Exception {
    try (Admin admin = sluice.admin()) {
      admin
          .describeTopics(List.of(CHANGELOG, REPARTITION))
          .allTopicNames()
          .get()
          .values()
          .forEach(topic -> assertEquals(3, topic.partitions().size(), topic.name()));
      Map<String, String> changelog = overrides(admin, CHANGELOG);
      assertEquals("compact", changelog.get("cleanup.policy"));
      assertEquals("CreateTime", changelog.get("message.timestamp.type"));
      Map<String, String> repartition = overrides(admin, REPARTITION);
      assertEquals("delete", repartition.get("cleanup.policy"));
      assertEquals("-1", repartition.get("retention.ms"));
      assertEquals("52428800", repartition.get("segment.bytes"));
    }
  }

  private static Map<String, String> overrides(Admin admin, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
        .filter(
            entry ->
                entry.source()
                    == org.apache.kafka.clients.admin.ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value()));
  }

  @Test
  void an_administrator_sees_and_deletes_a_streams_group() throws Exception {
    produce("one two");
    try (Admin admin = sluice.admin()) {
      try (WordCount application = wordCount("streams")) {
        untilCounted(application, Map.of("one", "1", "two", "1"));
        GroupListing listed = admin.listGroups().all().get().iterator().next();
        assertEquals(WordCount.APPLICATION, listed.groupId());
        assertEquals(GroupType.STREAMS, listed.type().orElseThrow());
        StreamsGroupDescription described = describe(admin);
        assertEquals(GroupState.STABLE, described.groupState());
        assertEquals(1, described.members().size());
        assertEquals(
            Set.of("lines", REPARTITION),
            described.subtopologies().stream()
                .flatMap(
                    each ->
                        each.sourceTopics().isEmpty()
                            ? each.repartitionSourceTopics().keySet().stream()
                            : each.sourceTopics().stream())
                .collect(Collectors.toSet()));
        assertEquals(
            6,
            described.members().iterator().next().assignment().activeTasks().stream()
                .mapToInt(task -> task.partitions().size())
                .sum());
        ExecutionException other =
            assertThrows(
                ExecutionException.class,
                () -> admin.describeConsumerGroups(List.of(WordCount.APPLICATION)).all().get());
        assertInstanceOf(GroupIdNotFoundException.class, other.getCause());
        ExecutionException refused =
            assertThrows(
                ExecutionException.class,
                () -> admin.deleteStreamsGroups(List.of(WordCount.APPLICATION)).all().get());
        assertInstanceOf(GroupNotEmptyException.class, refused.getCause());
      }
      until(() -> describe(admin).groupState() == GroupState.EMPTY);
      Set<TopicPartition> committed =
          admin
              .listStreamsGroupOffsets(
                  Map.of(
                      WordCount.APPLICATION,
                      new org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec()))
              .partitionsToOffsetAndMetadata(WordCount.APPLICATION)
              .get()
              .keySet();
      assertTrue(
          committed.stream().anyMatch(partition -> partition.topic().equals("lines")),
          committed.toString());
      TopicPartition moved = committed.iterator().next();
      admin.deleteStreamsGroupOffsets(WordCount.APPLICATION, Set.of(moved)).all().get();
      admin.deleteStreamsGroups(List.of(WordCount.APPLICATION)).all().get();
      assertEquals(List.of(), List.copyOf(admin.listGroups().all().get()));
      ExecutionException unknown = assertThrows(ExecutionException.class, () -> describe(admin));
      assertInstanceOf(GroupIdNotFoundException.class, unknown.getCause());
    }
  }

  private static StreamsGroupDescription describe(Admin admin) throws Exception {
    return admin
        .describeStreamsGroups(List.of(WordCount.APPLICATION))
        .all()
        .get()
        .get(WordCount.APPLICATION);
  }
}
