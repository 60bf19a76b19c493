package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** A consumer group with its offsets and members, as {@code --json} prints it. */
record DescribedGroup(
    String group, String type, String protocol, String state, int members, List<Row> partitions) {

  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

  /**
   * A partition that the group has committed or reads, or a member that reads none. What is not
   * known, or does not exist, is null.
   */
  record Row(
      @Nullable String topic,
      @Nullable Integer partition,
      @Nullable Long currentOffset,
      @Nullable Long logEndOffset,
      @Nullable Long lag,
      @Nullable String consumerId,
      @Nullable String host,
      @Nullable String clientId) {

    private static Row of(
        TopicPartition partition,
        @Nullable OffsetAndMetadata committed,
        @Nullable Long end,
        @Nullable MemberDescription owner) {
      Long current = committed == null ? null : committed.offset();
      return new Row(
          partition.topic(),
          partition.partition(),
          current,
          end,
          current == null || end == null ? null : Math.max(0, end - current),
          owner == null ? null : owner.consumerId(),
          owner == null ? null : owner.host(),
          owner == null ? null : owner.clientId());
    }

    private static Row idle(MemberDescription member) {
      return new Row(
          null, null, null, null, null, member.consumerId(), member.host(), member.clientId());
    }
  }

  /**
   * Asks the broker for what a group's description leaves out.
   *
   * @throws CommandFailedException the broker refused, or did not answer in time
   */
  static DescribedGroup of(Admin admin, ConsumerGroupDescription group)
      throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        KafkaBroker.await(
            admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata());
    List<Row> rows = new ArrayList<>();
    Map<TopicPartition, MemberDescription> owners = new HashMap<>();
    for (MemberDescription member : group.members()) {
      member.assignment().topicPartitions().forEach(partition -> owners.put(partition, member));
      if (member.assignment().topicPartitions().isEmpty()) {
        rows.add(Row.idle(member));
      }
    }
    Set<TopicPartition> all = new TreeSet<>(ORDER);
    all.addAll(committed.keySet());
    all.addAll(owners.keySet());
    Map<TopicPartition, Long> ends = ends(admin, all);
    rows.addAll(
        0,
        all.stream()
            .map(at -> Row.of(at, committed.get(at), ends.get(at), owners.get(at)))
            .toList());
    return new DescribedGroup(
        group.groupId(),
        group.type().toString(),
        group.partitionAssignor(),
        group.groupState().toString(),
        group.members().size(),
        rows);
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
}
