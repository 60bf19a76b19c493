package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sluice groups}, after kafka-consumer-groups. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    description = "Lists, describes and deletes consumer groups.")
public final class GroupsCommand {

  private record Listed(String group, String type, String protocol, String state) {}

  private record Described(
      String group, String type, String state, int members, List<DescribedPartition> partitions) {}

  /** Offsets that are not known are null. */
  private record DescribedPartition(
      String topic,
      int partition,
      @Nullable Long currentOffset,
      @Nullable Long logEndOffset,
      @Nullable Long lag,
      @Nullable String consumerId,
      @Nullable String host,
      @Nullable String clientId) {}

  @Command(description = "Prints the groups.", mixinStandardHelpOptions = true)
  int list(@Mixin Output output, @Mixin KafkaBroker broker) throws InterruptedException {
    try (Admin admin = broker.admin()) {
      List<Listed> groups =
          KafkaBroker.await(admin.listGroups().all()).stream()
              .map(GroupsCommand::listed)
              .sorted(java.util.Comparator.comparing(Listed::group))
              .toList();
      if (output.isJson()) {
        Output.json(groups);
        return 0;
      }
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("GROUP", "TYPE", "PROTOCOL", "STATE"));
      groups.forEach(
          group -> rows.add(List.of(group.group(), group.type(), group.protocol(), group.state())));
      Output.table(rows);
      return 0;
    }
  }

  private static Listed listed(GroupListing group) {
    return new Listed(
        group.groupId(),
        group.type().map(Object::toString).orElse("-"),
        group.protocol().isEmpty() ? "-" : group.protocol(),
        group.groupState().map(Object::toString).orElse("-"));
  }

  @Command(
      description = "Shows each partition's offsets, how far the group lags behind, and who reads.",
      mixinStandardHelpOptions = true)
  int describe(
      @Parameters(paramLabel = "GROUP", arity = "1..*") List<String> groups,
      @Mixin Output output,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    try (Admin admin = broker.admin()) {
      List<Described> described = new ArrayList<>();
      for (ConsumerGroupDescription group :
          new TreeMap<>(KafkaBroker.await(admin.describeConsumerGroups(groups).all())).values()) {
        described.add(describe(admin, group));
      }
      if (output.isJson()) {
        Output.json(described);
      } else {
        described.forEach(GroupsCommand::print);
      }
      return 0;
    }
  }

  private static Described describe(Admin admin, ConsumerGroupDescription group)
      throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        KafkaBroker.await(
            admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata());
    Map<TopicPartition, MemberDescription> owners = new HashMap<>();
    for (MemberDescription member : group.members()) {
      member.assignment().topicPartitions().forEach(partition -> owners.put(partition, member));
    }
    TreeSet<TopicPartition> all =
        new TreeSet<>(
            java.util.Comparator.comparing(TopicPartition::topic)
                .thenComparing(TopicPartition::partition));
    all.addAll(committed.keySet());
    all.addAll(owners.keySet());
    Map<TopicPartition, Long> ends = ends(admin, all);
    List<DescribedPartition> partitions =
        all.stream()
            .map(
                partition ->
                    partition(
                        partition,
                        committed.get(partition),
                        ends.get(partition),
                        owners.get(partition)))
            .toList();
    return new Described(
        group.groupId(),
        group.type().toString(),
        group.groupState().toString(),
        group.members().size(),
        partitions);
  }

  private static DescribedPartition partition(
      TopicPartition partition,
      @Nullable OffsetAndMetadata committed,
      @Nullable Long end,
      @Nullable MemberDescription owner) {
    Long current = committed == null ? null : committed.offset();
    return new DescribedPartition(
        partition.topic(),
        partition.partition(),
        current,
        end,
        current == null || end == null ? null : Math.max(0, end - current),
        owner == null ? null : owner.consumerId(),
        owner == null ? null : owner.host(),
        owner == null ? null : owner.clientId());
  }

  /** The ends of the partitions that still exist. */
  private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream()
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    var answers = admin.listOffsets(asked);
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicPartition partition : partitions) {
      try {
        ListOffsetsResultInfo end = KafkaBroker.await(answers.partitionResult(partition));
        ends.put(partition, end.offset());
      } catch (CommandFailedException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return ends;
  }

  private static void print(Described group) {
    System.out.printf(
        "%s  type %s  state %s  %d members%n",
        group.group(), group.type(), group.state(), group.members());
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "TOPIC",
            "PARTITION",
            "CURRENT-OFFSET",
            "LOG-END-OFFSET",
            "LAG",
            "CONSUMER-ID",
            "HOST",
            "CLIENT-ID"));
    for (DescribedPartition partition : group.partitions()) {
      rows.add(
          List.of(
              partition.topic(),
              Integer.toString(partition.partition()),
              text(partition.currentOffset()),
              text(partition.logEndOffset()),
              text(partition.lag()),
              text(partition.consumerId()),
              text(partition.host()),
              text(partition.clientId())));
    }
    Output.table(rows);
  }

  private static String text(@Nullable Object value) {
    return Optional.<Object>ofNullable(value).map(Object::toString).orElse("-");
  }

  @Command(
      description = "Deletes groups that have no members, with their offsets.",
      mixinStandardHelpOptions = true)
  int delete(
      @Parameters(paramLabel = "GROUP", arity = "1..*") List<String> groups,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    try (Admin admin = broker.admin()) {
      KafkaBroker.await(admin.deleteConsumerGroups(groups).all());
      return 0;
    }
  }
}
