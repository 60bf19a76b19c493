package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice groups}, after kafka-consumer-groups. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    description = "Lists, describes and deletes consumer groups.")
public final class GroupsCommand {

  private record Listed(String group, String type, String protocol, String state) {}

  @Command(description = "Prints the groups.", mixinStandardHelpOptions = true)
  int list(@Mixin Output output, @Mixin KafkaBroker broker) throws InterruptedException {
    try (Admin admin = broker.admin()) {
      List<Listed> groups =
          KafkaBroker.await(admin.listGroups().all()).stream()
              .map(GroupsCommand::listed)
              .sorted(Comparator.comparing(Listed::group))
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
      @Mixin Names.OfGroups groups,
      @Option(names = "--all-groups", description = "Every consumer group.") boolean allGroups,
      @Mixin Output output,
      @Mixin KafkaBroker broker)
      throws InterruptedException {
    List<String> named = allGroups ? groups.all() : groups.some();
    try (Admin admin = broker.admin()) {
      Map<String, KafkaFuture<ConsumerGroupDescription>> answers =
          new TreeMap<>(
              admin
                  .describeConsumerGroups(allGroups ? consumerGroups(admin) : named)
                  .describedGroups());
      List<DescribedGroup> described = new ArrayList<>();
      for (Map.Entry<String, KafkaFuture<ConsumerGroupDescription>> answer : answers.entrySet()) {
        described.add(
            DescribedGroup.of(
                admin, KafkaBroker.await(answer.getValue(), "group", answer.getKey())));
      }
      if (output.isJson()) {
        Output.json(described);
      } else {
        described.forEach(GroupsCommand::print);
      }
      return 0;
    }
  }

  private static Collection<String> consumerGroups(Admin admin) throws InterruptedException {
    return KafkaBroker.await(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()).stream()
        .map(GroupListing::groupId)
        .toList();
  }

  private static void print(DescribedGroup group) {
    System.out.printf(
        "%s  type %s  protocol %s  state %s  members %d%n",
        group.group(), group.type(), text(group.protocol()), group.state(), group.members());
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
    for (DescribedGroup.Row row : group.partitions()) {
      rows.add(
          List.of(
              text(row.topic()),
              text(row.partition()),
              text(row.currentOffset()),
              text(row.logEndOffset()),
              text(row.lag()),
              text(row.consumerId()),
              text(row.host()),
              text(row.clientId())));
    }
    Output.table(rows);
  }

  private static String text(@Nullable Object value) {
    String text = Objects.toString(value, "");
    return text.isEmpty() ? "-" : text;
  }

  @Command(
      description = "Deletes groups that have no members, with their offsets.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin Names.OfGroups groups, @Mixin KafkaBroker broker) throws InterruptedException {
    List<String> names = groups.some();
    try (Admin admin = broker.admin()) {
      for (Map.Entry<String, KafkaFuture<Void>> answer :
          admin.deleteConsumerGroups(names).deletedGroups().entrySet()) {
        KafkaBroker.await(answer.getValue(), "group", answer.getKey());
      }
      return 0;
    }
  }
}
