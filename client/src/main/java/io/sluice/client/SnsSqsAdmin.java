package io.sluice.client;

import io.sluice.client.GroupQueues.GroupQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Topics and consumer groups on SNS and SQS: what of Kafka's {@code Admin} means something there,
 * by its names, but answered at once. Whatever makes or deletes something succeeds when it is so
 * already, also when two do the same at once. Safe for use by many threads.
 */
public final class SnsSqsAdmin implements AutoCloseable {

  /** Of a new topic: {@code packed} (the default) or {@code plain}. */
  public static final String FORMAT_CONFIG = "sluice.format";

  /** Of a new topic: whether it is a FIFO one; {@code true} (the default) or {@code false}. */
  public static final String FIFO_CONFIG = "sluice.fifo";

  private static final Duration VISIBILITY = Duration.ofSeconds(45);

  private final Services services;
  private final TopicDirectory directory;
  private final Topics topics;
  private final Groups groups;
  private final GroupQueues queues;

  /** With the settings of {@link ServiceConfig}. */
  public SnsSqsAdmin(Map<String, ?> configs) {
    this(Services.of(configs));
  }

  /** With services that are its own. */
  public SnsSqsAdmin(Services services) {
    this.services = services;
    this.directory = new TopicDirectory(services, Duration.ZERO);
    this.topics = new Topics(services, directory);
    this.groups = new Groups(services);
    this.queues = new GroupQueues(services);
  }

  /**
   * Creates topics. Their settings are {@link #FORMAT_CONFIG}, {@link #FIFO_CONFIG} and {@code
   * retention.ms}, which is an SNS archive of whole days that groups which come later can read:
   * zero or none for nothing, and at most 365 days; SNS has nothing for Kafka's -1, "for ever".
   *
   * @throws org.apache.kafka.common.errors.TopicExistsException one is there and different
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException SNS has no such setting,
   *     or not with that value
   */
  public void createTopics(Collection<NewTopic> newTopics) {
    newTopics.forEach(topics::create);
  }

  /** Deletes topics with the queues of all their groups, as far as they are there. */
  public void deleteTopics(Collection<String> names) {
    for (String name : names) {
      find(name)
          .ifPresent(
              topic -> {
                queues.on(name).forEach(queue -> queues.delete(queue, Optional.of(topic)));
                topics.delete(topic);
              });
    }
  }

  private Optional<TopicDescription> find(String topic) {
    try {
      return Optional.of(directory.find(topic));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  /** The names of all topics of the account, made by this library or not. */
  public Set<String> listTopics() {
    return directory.names();
  }

  /**
   * What topics are like; their partitions have no leader.
   *
   * @throws UnknownTopicOrPartitionException one is not there
   */
  public Map<String, org.apache.kafka.clients.admin.TopicDescription> describeTopics(
      Collection<String> names) {
    Map<String, org.apache.kafka.clients.admin.TopicDescription> described = new LinkedHashMap<>();
    for (String name : names) {
      List<TopicPartitionInfo> partitions =
          directory.find(name).partitionInfos().stream()
              .map(
                  each ->
                      new TopicPartitionInfo(each.partition(), Node.noNode(), List.of(), List.of()))
              .toList();
      described.put(
          name, new org.apache.kafka.clients.admin.TopicDescription(name, false, partitions));
    }
    return described;
  }

  /**
   * Sets how many partitions topics have, more or fewer than before. Producers follow after their
   * {@code metadata.max.age.ms}; the records of a key may be in two partitions meanwhile.
   *
   * @throws UnknownTopicOrPartitionException one is not there
   */
  public void createPartitions(Map<String, NewPartitions> newPartitions) {
    newPartitions.forEach((topic, count) -> topics.setPartitions(topic, count.totalCount()));
  }

  /**
   * How long a FIFO topic keeps what groups that come later can read, in whole days up to 365; zero
   * for nothing. Amazon bills what is kept.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException SNS cannot keep it as long
   * @throws UnknownTopicOrPartitionException it is not there
   */
  public void alterRetention(String topic, Duration retention) {
    topics.setRetention(topic, retention);
  }

  /**
   * Creates a group that reads what topics are given from now on.
   *
   * @throws UnknownTopicOrPartitionException a topic is not there
   */
  public void createGroup(String group, Collection<String> names) {
    create(group, names, new GroupStart.Latest());
  }

  /**
   * Creates a group that reads what topics were given since a time.
   *
   * @throws UnsupportedOperationException a topic has no archive of that time
   */
  public void createGroup(String group, Collection<String> names, Instant since) {
    create(group, names, new GroupStart.Since(since));
  }

  private void create(String group, Collection<String> names, GroupStart start) {
    names.forEach(name -> groups.create(group, directory.find(name), start, VISIBILITY));
  }

  /** Deletes groups with their queues and subscriptions, as far as they are there. */
  public void deleteGroups(Collection<String> names) {
    for (String name : names) {
      queues.of(name).forEach(queue -> queues.delete(queue, find(queue.topic())));
    }
  }

  /** The names of all groups that this library has made. It asks for the tags of each queue. */
  public Set<String> listGroups() {
    Set<String> names = new TreeSet<>();
    queues.all().forEach(queue -> names.add(queue.group()));
    return names;
  }

  /**
   * What a group has yet to commit, by topic.
   *
   * @throws GroupIdNotFoundException there is no such group
   */
  public Map<String, Backlog> describeGroup(String group) {
    Map<String, Backlog> backlogs = new TreeMap<>();
    for (GroupQueue queue : existing(group)) {
      backlogs.put(queue.topic(), queues.backlog(queue));
    }
    return backlogs;
  }

  private List<GroupQueue> existing(String group) {
    List<GroupQueue> own = queues.of(group);
    if (own.isEmpty()) {
      throw new GroupIdNotFoundException("There is no group " + group);
    }
    return own;
  }

  /**
   * Gives a group once more what its topics were given since a time, besides what it has yet to
   * commit.
   *
   * @throws GroupIdNotFoundException there is no such group
   * @throws UnsupportedOperationException a topic has no archive of that time
   */
  public void resetGroup(String group, Instant since) {
    existing(group).forEach(queue -> groups.replay(group, directory.find(queue.topic()), since));
  }

  @Override
  public void close() {
    services.close();
  }
}
