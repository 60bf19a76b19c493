package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice topics}, after kafka-topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    subcommands = PeekCommand.class,
    description = "Lists, creates, describes, looks into and deletes topics.")
public final class TopicsCommand {

  /** A topic as {@code --json} prints it. */
  private record Described(
      String name,
      String id,
      boolean internal,
      Map<String, String> configs,
      List<DescribedPartition> partitions) {}

  private record DescribedPartition(int partition, long startOffset, long endOffset) {}

  @Command(description = "Prints the names of the topics.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--exclude-internal", description = "Leave the broker's own topics out.")
          boolean excludeInternal,
      @Mixin Output output,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    try (Admin admin = broker.admin()) {
      Collection<TopicListing> topics = KafkaBroker.await(admin.listTopics(all()).listings());
      List<String> names =
          topics.stream()
              .filter(topic -> !excludeInternal || !topic.isInternal())
              .map(TopicListing::name)
              .sorted()
              .toList();
      if (output.isJson()) {
        Output.json(names);
      } else {
        names.forEach(System.out::println);
      }
      return 0;
    }
  }

  private static org.apache.kafka.clients.admin.ListTopicsOptions all() {
    return new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true);
  }

  @Command(description = "Creates a topic.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Names.OfTopics topic,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              description = "How many partitions; the broker's default when it is left out.")
          Optional<Integer> partitions,
      @Option(
              names = "--replication-factor",
              paramLabel = "N",
              description = "How many copies; a Sluice broker keeps one.")
          Optional<Short> replicationFactor,
      @Option(
              names = "--config",
              paramLabel = "NAME=VALUE",
              description = "A topic-level configuration such as retention.ms; may be repeated.")
          Map<String, String> configs,
      @Option(names = "--if-not-exists", description = "Do nothing when the topic exists.")
          boolean ifNotExists,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    NewTopic created = new NewTopic(topic.one(), partitions, replicationFactor);
    created.configs(configs == null ? Map.of() : configs);
    try (Admin admin = broker.admin()) {
      KafkaBroker.await(admin.createTopics(List.of(created)).all());
    } catch (CommandFailedException e) {
      if (!(ifNotExists && e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
    return 0;
  }

  @Command(
      description =
          "Shows partitions, offsets and configuration; of every topic unless some are named.",
      mixinStandardHelpOptions = true)
  int describe(@Mixin Names.OfTopics topics, @Mixin Output output, @Mixin KafkaBroker broker)
      throws InterruptedException {
    try (Admin admin = broker.admin()) {
      Collection<String> names =
          topics.all().isEmpty() ? KafkaBroker.await(admin.listTopics().names()) : topics.all();
      Map<String, KafkaFuture<TopicDescription>> answers =
          new TreeMap<>(admin.describeTopics(names).topicNameValues());
      List<Described> described = new ArrayList<>();
      for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
        described.add(
            describe(admin, KafkaBroker.await(answer.getValue(), "topic", answer.getKey())));
      }
      if (output.isJson()) {
        Output.json(described);
      } else {
        described.forEach(TopicsCommand::print);
      }
      return 0;
    }
  }

  private static Described describe(Admin admin, TopicDescription topic)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartitionInfo partition : topic.partitions()) {
      TopicPartition key = new TopicPartition(topic.name(), partition.partition());
      earliest.put(key, OffsetSpec.earliest());
      latest.put(key, OffsetSpec.latest());
    }
    Map<TopicPartition, ListOffsetsResultInfo> starts =
        KafkaBroker.await(admin.listOffsets(earliest).all());
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        KafkaBroker.await(admin.listOffsets(latest).all());
    List<DescribedPartition> partitions =
        topic.partitions().stream()
            .map(partition -> new TopicPartition(topic.name(), partition.partition()))
            .map(
                key ->
                    new DescribedPartition(key.partition(), offset(starts, key), offset(ends, key)))
            .toList();
    return new Described(
        topic.name(),
        topic.topicId().toString(),
        topic.isInternal(),
        configs(admin, topic.name()),
        partitions);
  }

  private static long offset(
      Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition key) {
    ListOffsetsResultInfo info = offsets.get(key);
    return info == null ? -1 : info.offset();
  }

  /** What was set for the topic, not the defaults. */
  private static Map<String, String> configs(Admin admin, String topic)
      throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> configs = new TreeMap<>();
    for (Config config :
        KafkaBroker.await(admin.describeConfigs(List.of(resource)).all()).values()) {
      for (ConfigEntry entry : config.entries()) {
        if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
          configs.put(entry.name(), String.valueOf(entry.value()));
        }
      }
    }
    return configs;
  }

  private static void print(Described topic) {
    System.out.printf(
        "%s  id %s  %d partitions%s%n",
        topic.name(),
        topic.id(),
        topic.partitions().size(),
        topic.configs().isEmpty() ? "" : "  " + topic.configs());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PARTITION", "START-OFFSET", "END-OFFSET"));
    for (DescribedPartition partition : topic.partitions()) {
      rows.add(
          List.of(
              Integer.toString(partition.partition()),
              Long.toString(partition.startOffset()),
              Long.toString(partition.endOffset())));
    }
    Output.table(rows);
  }

  @Command(description = "Deletes topics with their records.", mixinStandardHelpOptions = true)
  int delete(
      @Mixin Names.OfTopics topics,
      @Option(names = "--if-exists", description = "Do nothing when a topic does not exist.")
          boolean ifExists,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    List<String> names = topics.some();
    try (Admin admin = broker.admin()) {
      Map<String, KafkaFuture<Void>> answers = admin.deleteTopics(names).topicNameValues();
      for (Map.Entry<String, KafkaFuture<Void>> answer : answers.entrySet()) {
        try {
          KafkaBroker.await(answer.getValue(), "topic", answer.getKey());
        } catch (CommandFailedException e) {
          if (!(ifExists && e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw e;
          }
        }
      }
      return 0;
    }
  }
}
