package io.sluice.client;

import io.sluice.client.service.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.Tag;

/** The topics of one account, as they are made and changed. Safe for use by many threads. */
final class Topics {

  /** Amazon's "Message archiving for FIFO topic owners". */
  private static final long MAX_ARCHIVE_DAYS = 365;

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final String ARCHIVE_POLICY = "ArchivePolicy";
  private static final String NO_ARCHIVE = "{}";

  /** Of what SNS answers: "Topic already exists with different attributes", or "tags". */
  private static final String EXISTS = "already exists";

  private final Services services;
  private final TopicDirectory directory;

  Topics(Services services, TopicDirectory directory) {
    this.services = services;
    this.directory = directory;
  }

  /**
   * Creates a topic, or finds it as it should be.
   *
   * @throws TopicExistsException it is there, with another format or number of partitions
   * @throws InvalidConfigurationException it has a setting that SNS has not
   */
  void create(NewTopic topic) {
    Map<String, String> configs = topic.configs() == null ? Map.of() : topic.configs();
    NewTopicConfig config = NewTopicConfig.of(configs);
    int partitions = topic.numPartitions() < 0 ? 1 : topic.numPartitions();
    checkPartitions(partitions);
    Map<String, String> attributes = new HashMap<>();
    if (config.fifo()) {
      attributes.put("FifoTopic", "true");
    }
    config.retention().ifPresent(time -> attributes.put(ARCHIVE_POLICY, archive(time)));
    // A standard topic and a FIFO one have different names: SNS would make one beside the other.
    directory.forget(topic.name());
    found(topic.name()).ifPresent(there -> check(there, config, partitions));
    create(
        ResourceNames.topic(topic.name(), config.fifo()),
        attributes,
        tags(topic.name(), config.format(), partitions));
    directory.forget(topic.name());
    check(directory.find(topic.name()), config, partitions);
  }

  private void create(String name, Map<String, String> attributes, List<Tag> tags) {
    try {
      Failure.translated(
          () ->
              services
                  .sns()
                  .createTopic(request -> request.name(name).attributes(attributes).tags(tags)));
    } catch (InvalidRequestException e) {
      if (e.getCause() instanceof InvalidParameterException refused
          && String.valueOf(refused.getMessage()).contains(EXISTS)) {
        throw new TopicExistsException(
            "SNS topic " + name + " is not made so: " + refused.getMessage());
      }
      throw e;
    }
  }

  private Optional<TopicDescription> found(String topic) {
    try {
      return Optional.of(directory.find(topic));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  private static void check(TopicDescription there, NewTopicConfig config, int partitions) {
    if (there.fifo() != config.fifo()
        || there.format() != config.format()
        || there.partitions() != partitions) {
      throw new TopicExistsException(
          "Topic " + there.name() + " is there already, as " + there.summary());
    }
  }

  private static void checkPartitions(int partitions) {
    if (partitions < 1 || partitions > TopicDirectory.MAX_PARTITIONS) {
      throw new InvalidPartitionsException(
          "A topic has 1 to " + TopicDirectory.MAX_PARTITIONS + " partitions, not " + partitions);
    }
  }

  private static List<Tag> tags(String topic, Format format, int partitions) {
    return List.of(
        tag(TopicDirectory.FORMAT_TAG, format.tag()),
        tag(TopicDirectory.PARTITIONS_TAG, Integer.toString(partitions)),
        tag(Groups.TOPIC_TAG, topic),
        tag(Groups.MADE_BY_TAG, Groups.MADE_BY));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  /** Whole days, at least as long. */
  private static String archive(Duration retention) {
    if (retention.isNegative() || retention.compareTo(Duration.ofDays(MAX_ARCHIVE_DAYS)) > 0) {
      // -1 is Kafka's "for ever".
      throw new InvalidConfigurationException(
          TopicConfig.RETENTION_MS_CONFIG
              + " is at most 365 days at SNS ("
              + Duration.ofDays(MAX_ARCHIVE_DAYS).toMillis()
              + "), not "
              + retention.toMillis());
    }
    long days = (retention.toMillis() + DAY_MS - 1) / DAY_MS;
    return days == 0 ? NO_ARCHIVE : "{\"MessageRetentionPeriod\":\"" + days + "\"}";
  }

  /**
   * Changes how many numbers the records of a topic are spread over, up or down. Producers know it
   * after their {@code metadata.max.age.ms}; records of a key may be in two partitions meanwhile.
   *
   * @throws UnknownTopicOrPartitionException there is no such topic
   */
  void setPartitions(String topic, int partitions) {
    checkPartitions(partitions);
    directory.forget(topic);
    String arn = directory.find(topic).arn();
    Failure.translated(
        () ->
            services
                .sns()
                .tagResource(
                    request ->
                        request
                            .resourceArn(arn)
                            .tags(
                                tag(TopicDirectory.PARTITIONS_TAG, Integer.toString(partitions)))));
    directory.forget(topic);
  }

  /**
   * Has a FIFO topic keep what groups that come later can read; zero: nothing.
   *
   * @throws UnknownTopicOrPartitionException there is no such topic
   */
  void setRetention(String topic, Duration retention) {
    directory.forget(topic);
    TopicDescription found = directory.find(topic);
    if (!found.fifo()) {
      throw new InvalidConfigurationException(
          "Topic " + topic + " is a standard one, which SNS keeps nothing of");
    }
    archive(found, archive(retention));
  }

  private void archive(TopicDescription topic, String policy) {
    Failure.translated(
        () ->
            services
                .sns()
                .setTopicAttributes(
                    request ->
                        request
                            .topicArn(topic.arn())
                            .attributeName(ARCHIVE_POLICY)
                            .attributeValue(policy)));
  }

  /** Deletes a topic, if it is still there; its groups' queues must be gone. */
  void delete(TopicDescription topic) {
    try {
      if (isArchived(topic)) {
        // Such a topic cannot be deleted.
        archive(topic, NO_ARCHIVE);
      }
      Failure.translated(
          () -> services.sns().deleteTopic(request -> request.topicArn(topic.arn())));
    } catch (UnknownTopicOrPartitionException e) {
      // Somebody else has deleted it meanwhile.
    }
    directory.forget(topic.name());
  }

  private boolean isArchived(TopicDescription topic) {
    return Failure.translated(
        () ->
            services
                .sns()
                .getTopicAttributes(request -> request.topicArn(topic.arn()))
                .attributes()
                .containsKey(ARCHIVE_POLICY));
  }
}
