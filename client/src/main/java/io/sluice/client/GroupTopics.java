package io.sluice.client;

import io.sluice.client.consume.QueueReader;
import io.sluice.client.consume.Source;
import io.sluice.client.service.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that a consumer reads as a member of its group, and their queues, which it creates if
 * it may. Used by one thread at a time.
 */
final class GroupTopics {

  private static final Logger LOGGER = LoggerFactory.getLogger(GroupTopics.class);

  /** How soon it looks again for a topic that was not there. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final SqsConsumerConfig config;
  private final String group;
  private final TopicDirectory directory;
  private final Groups groups;
  private final QueueReader reader;
  private final Map<String, Source> sources = new HashMap<>();
  private Set<String> named = Set.of();
  private Predicate<String> matches = topic -> false;
  private boolean subscribed;
  private boolean byPattern;
  private long lookAt = System.nanoTime();

  /** Whether nothing was left to be looked for again soon. */
  private boolean complete = true;

  GroupTopics(
      SqsConsumerConfig config,
      String group,
      TopicDirectory directory,
      Groups groups,
      QueueReader reader) {
    this.config = config;
    this.group = group;
    this.directory = directory;
    this.groups = groups;
    this.reader = reader;
  }

  /**
   * As Kafka's consumers do.
   *
   * @throws IllegalArgumentException one is no name at all
   */
  static void check(@Nullable Collection<@Nullable String> names) {
    if (names == null) {
      throw new IllegalArgumentException("Topic collection to subscribe to cannot be null");
    }
    if (names.stream().anyMatch(Utils::isBlank)) {
      throw new IllegalArgumentException(
          "Topic collection to subscribe to cannot contain null or empty topic");
    }
  }

  /**
   * As Kafka's consumers do.
   *
   * @throws IllegalArgumentException it is none
   */
  static void check(@Nullable Pattern pattern) {
    if (pattern == null || pattern.pattern().isEmpty()) {
      throw new IllegalArgumentException("Topic pattern to subscribe to cannot be null or empty");
    }
  }

  /**
   * As Kafka's consumers do.
   *
   * @throws IllegalArgumentException it is none
   */
  static void check(@Nullable ConsumerRebalanceListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("RebalanceListener cannot be null");
    }
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** By their names; those that were given by pattern, when it is one. */
  Set<String> names() {
    return byPattern ? Set.copyOf(sources.keySet()) : named;
  }

  /** Reads these from now on, and nothing else. */
  void subscribe(Set<String> topics) {
    named = topics;
    matches = topics::contains;
    byPattern = false;
    subscribed = true;
    lookAt = System.nanoTime();
  }

  /** Reads all that match from now on, and nothing else. */
  void subscribe(Predicate<String> pattern) {
    named = Set.of();
    matches = pattern;
    byPattern = true;
    subscribed = true;
    lookAt = System.nanoTime();
  }

  /** Reads nothing any more. */
  void unsubscribe() {
    subscribe(Set.of());
    subscribed = false;
    stopReading(reader.inFlight().reading());
  }

  /**
   * Looks for topics and queues, when it is time to.
   *
   * @param revoke is told of partitions before they are no longer read
   * @throws RuntimeException a topic cannot be read, and will not be by itself; the others are
   */
  void refresh(Consumer<Set<TopicPartition>> revoke) {
    boolean gone = sources.values().stream().anyMatch(source -> !reader.isReceiving(source));
    if (lookAt - System.nanoTime() > 0 && !(gone && complete)) {
      return;
    }
    lookAt = System.nanoTime();
    List<RuntimeException> failures = new ArrayList<>();
    try {
      Map<String, Optional<TopicDescription>> found = new LinkedHashMap<>();
      complete = find(found);
      Set<TopicPartition> unwanted = new LinkedHashSet<>(reader.inFlight().reading());
      unwanted.removeIf(partition -> found.containsKey(partition.topic()));
      if (!unwanted.isEmpty()) {
        revoke.accept(unwanted);
        stopReading(unwanted);
      }
      for (Optional<TopicDescription> topic : found.values()) {
        complete &= topic.isPresent() && read(topic.get(), failures);
      }
    } catch (RetriableException | UnknownServerException e) {
      LOGGER.warn("topics are not looked for: {}", e.toString());
      complete = false;
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    Duration wait = complete ? config.duration(ConsumerConfig.METADATA_MAX_AGE_CONFIG) : SOON;
    lookAt = Deadline.in(wait);
  }

  /** How long to wait at most before {@link #refresh}; ns. */
  long nanosToRefresh() {
    return Math.max(0, lookAt - System.nanoTime());
  }

  /**
   * The topics that should be read, but for those that are not there; without a description where
   * nobody knows. Whether everybody did.
   */
  private boolean find(Map<String, Optional<TopicDescription>> found) {
    boolean complete = true;
    for (String topic : byPattern ? matching() : named) {
      try {
        found.put(topic, Optional.of(directory.find(topic)));
      } catch (UnknownTopicOrPartitionException e) {
        LOGGER.warn("topic {} is not read: {}", topic, e.toString());
        complete = false;
      } catch (RetriableException | UnknownServerException e) {
        LOGGER.warn("topic {} is not looked at: {}", topic, e.toString());
        found.put(topic, Optional.empty());
        complete = false;
      }
    }
    return complete;
  }

  private Set<String> matching() {
    Set<String> topics = new LinkedHashSet<>(directory.names());
    topics.removeIf(topic -> !matches.test(topic));
    return topics;
  }

  private void stopReading(Set<TopicPartition> unwanted) {
    unwanted.forEach(partition -> sources.remove(partition.topic()));
    reader.stopReading(unwanted);
  }

  /** Whether it is read from now on; why not, when that will not change by itself. */
  private boolean read(TopicDescription found, List<RuntimeException> failures) {
    String topic = found.name();
    try {
      Source known = sources.get(topic);
      String url =
          known != null && reader.isReceiving(known) ? known.queueUrl() : queueUrl(group, found);
      Source source = new Source(topic, found.format() == Format.PACKED, found.partitions(), url);
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < found.partitions(); i++) {
        partitions.add(new TopicPartition(topic, i));
      }
      reader.inFlight().read(partitions);
      if (known == null || !source.equals(known) || !reader.isReceiving(known)) {
        sources.put(topic, source);
        reader.start(source);
      }
      return true;
    } catch (RetriableException | UnknownServerException e) {
      LOGGER.warn("topic {} is not read: {}", topic, e.toString());
      directory.forget(topic);
    } catch (RuntimeException e) {
      failures.add(e);
    }
    return false;
  }

  private String queueUrl(String group, TopicDescription topic) {
    GroupStart start = config.start();
    if (start instanceof GroupStart.Nowhere) {
      return groups
          .find(group, topic)
          .orElseThrow(
              () -> new NoOffsetForPartitionException(new TopicPartition(topic.name(), 0)));
    }
    if (!config.getBoolean(SqsConsumerConfig.GROUP_CREATE)) {
      return groups
          .find(group, topic)
          .orElseThrow(
              () ->
                  new GroupIdNotFoundException(
                      "Group " + group + " has no queue for topic " + topic.name()));
    }
    return groups.create(group, topic, start, config.visibility());
  }
}
