package io.sluice.client;

import io.sluice.client.service.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * The groups of one account: for each topic that a group reads a queue, which only that topic may
 * send to, subscribed to it with raw delivery. Whatever creates is idempotent, and may be done by
 * many at once. Safe for use by many threads.
 */
final class Groups {

  /** The tag with the group's name. */
  static final String GROUP_TAG = "sluice:group";

  /** The tag with the topic's name, Kafka's. */
  static final String TOPIC_TAG = "sluice:topic";

  /** The tag that says who made a queue or topic. */
  static final String MADE_BY_TAG = "sluice:made-by";

  /** What it says. */
  static final String MADE_BY = "sluice-client";

  /** The tag that says from when on the group reads, as long as it is not subscribed. */
  private static final String FROM_TAG = "sluice:from";

  private static final String REPLAY_POLICY = "ReplayPolicy";
  private static final String ARCHIVE_BEGINNING = "BeginningArchiveTime";

  /** As long as SQS keeps messages at most: what waits for a group should not be lost. */
  private static final Duration RETENTION = Duration.ofDays(14);

  private final Services services;

  Groups(Services services) {
    this.services = services;
  }

  /** The queue's URL, if the group has one on the topic. */
  Optional<String> find(String group, TopicDescription topic) {
    return Failure.translated(() -> url(queue(group, topic)));
  }

  private static String queue(String group, TopicDescription topic) {
    return ResourceNames.queue(group, topic.name(), topic.fifo());
  }

  private Optional<String> url(String queue) {
    try {
      return Optional.of(
          services.sqs().getQueueUrl(request -> request.queueName(queue)).queueUrl());
    } catch (QueueDoesNotExistException e) {
      return Optional.empty();
    }
  }

  /**
   * Creates what a group needs to read a topic, as far as it is not there.
   *
   * @param visibility the visibility timeout of its queue, whole seconds
   * @return the queue's URL
   * @throws UnsupportedOperationException it should begin with what nobody keeps
   */
  String create(String group, TopicDescription topic, GroupStart start, Duration visibility) {
    return Failure.translated(() -> createNow(group, topic, start, visibility));
  }

  private String createNow(
      String group, TopicDescription topic, GroupStart start, Duration visibility) {
    String queue = queue(group, topic);
    Optional<String> found = url(queue);
    Optional<Instant> from = found.isPresent() ? pendingStart(found.get()) : begin(topic, start);
    String url = found.orElseGet(() -> createQueue(group, topic, from, visibility));
    try {
      subscribe(topic, queue, from);
    } catch (UnsupportedOperationException e) {
      // Nobody would ever send to it.
      services.sqs().deleteQueue(request -> request.queueUrl(url));
      throw e;
    }
    if (from.isPresent()) {
      services.sqs().untagQueue(request -> request.queueUrl(url).tagKeys(FROM_TAG));
    }
    return url;
  }

  /** What another that creates the same has yet to do. */
  private Optional<Instant> pendingStart(String url) {
    String tag =
        services.sqs().listQueueTags(request -> request.queueUrl(url)).tags().get(FROM_TAG);
    return Optional.ofNullable(tag).map(Instant::parse);
  }

  /** As SNS takes it, which refuses what is before the beginning of an archive. */
  private Optional<Instant> begin(TopicDescription topic, GroupStart start) {
    return start.since(services.clock().instant()).map(time -> notBeforeArchive(topic, time));
  }

  private Instant notBeforeArchive(TopicDescription topic, Instant time) {
    String beginning =
        services
            .sns()
            .getTopicAttributes(request -> request.topicArn(topic.arn()))
            .attributes()
            .get(ARCHIVE_BEGINNING);
    Instant earliest = beginning == null ? Instant.EPOCH : Instant.parse(beginning);
    return time.isBefore(earliest) ? earliest : time;
  }

  private String createQueue(
      String group, TopicDescription topic, Optional<Instant> from, Duration visibility) {
    String queue = queue(group, topic);
    Map<QueueAttributeName, String> attributes = new HashMap<>();
    attributes.put(QueueAttributeName.POLICY, policy(topic, queue));
    attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(visibility.toSeconds()));
    attributes.put(
        QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(RETENTION.toSeconds()));
    if (topic.fifo()) {
      attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
    }
    Map<String, String> tags = new HashMap<>();
    tags.put(GROUP_TAG, group);
    tags.put(TOPIC_TAG, topic.name());
    tags.put(MADE_BY_TAG, MADE_BY);
    from.ifPresent(time -> tags.put(FROM_TAG, time.toString()));
    try {
      return services
          .sqs()
          .createQueue(request -> request.queueName(queue).attributes(attributes).tags(tags))
          .queueUrl();
    } catch (QueueNameExistsException e) {
      // Somebody else has made it meanwhile, with other settings.
      return url(queue).orElseThrow(() -> e);
    }
  }

  /** Amazon's "Automate Amazon SNS to Amazon SQS messaging": only this topic may send. */
  private String policy(TopicDescription topic, String queue) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
    "Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",\
    "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}\
    """
        .formatted(services.place().queueArn(queue), topic.arn());
  }

  private void subscribe(TopicDescription topic, String queue, Optional<Instant> from) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("RawMessageDelivery", "true");
    from.ifPresent(time -> attributes.put(REPLAY_POLICY, replayPolicy(time)));
    try {
      services
          .sns()
          .subscribe(
              request ->
                  request
                      .topicArn(topic.arn())
                      .protocol("sqs")
                      .endpoint(services.place().queueArn(queue))
                      .attributes(attributes)
                      .returnSubscriptionArn(true));
    } catch (InvalidParameterException e) {
      if (!String.valueOf(e.getMessage()).contains("already exists")) {
        throw notKept(topic, from, e);
      }
    }
  }

  private static RuntimeException notKept(
      TopicDescription topic, Optional<Instant> from, InvalidParameterException reason) {
    boolean isReplay = from.isPresent() && String.valueOf(reason.getMessage()).contains("Replay");
    return isReplay
        ? new UnsupportedOperationException(
            "SNS has nothing of topic "
                + topic.name()
                + " since "
                + from.get()
                + ": only a FIFO topic with the attribute ArchivePolicy (retention.ms when this"
                + " library creates it) keeps what groups that come later can read. Or let the"
                + " group begin with auto.offset.reset=latest",
            reason)
        : reason;
  }

  private static String replayPolicy(Instant start) {
    return "{\"PointType\":\"Timestamp\",\"StartingPoint\":\"" + start + "\"}";
  }

  /**
   * Gives a group what was published since a time once more, besides what its queue has.
   *
   * @throws UnsupportedOperationException nobody keeps that
   */
  void replay(String group, TopicDescription topic, Instant since) {
    Failure.translated(
        () -> {
          Instant start = notBeforeArchive(topic, since);
          String arn = subscriptionArn(group, topic);
          try {
            return services
                .sns()
                .setSubscriptionAttributes(
                    request ->
                        request
                            .subscriptionArn(arn)
                            .attributeName(REPLAY_POLICY)
                            .attributeValue(replayPolicy(start)));
          } catch (InvalidParameterException e) {
            throw notKept(topic, Optional.of(start), e);
          }
        });
  }

  private String subscriptionArn(String group, TopicDescription topic) {
    String endpoint = services.place().queueArn(queue(group, topic));
    return services
        .sns()
        .listSubscriptionsByTopicPaginator(request -> request.topicArn(topic.arn()))
        .subscriptions()
        .stream()
        .filter(each -> endpoint.equals(each.endpoint()))
        .map(Subscription::subscriptionArn)
        .findFirst()
        .orElseThrow(
            () ->
                new GroupIdNotFoundException(
                    "Group " + group + " is not subscribed to " + topic.name()));
  }

  /** Takes away everything that waits for a group. */
  void skipAll(String queueUrl) {
    Failure.translated(() -> services.sqs().purgeQueue(request -> request.queueUrl(queueUrl)));
  }
}
