package io.sluice.broker;

import io.sluice.broker.subscription.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * The topic of what was sent straight to a queue. It comes into being with the first message: most
 * queues of a fan-out never need one. Changes hold the metadata lock.
 */
final class Inbox {

  /** What a record's framing may add to a message of the greatest size. */
  private static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

  /** What a record of any topic or queue that SNS and SQS clients write may have. */
  private static final int LARGEST_RECORD_BYTES = 2 * 1024 * 1024;

  /** The id of the queue, since a queue may have had another's name. */
  private static final String OWNER_ATTRIBUTE = "sluice.queue-id";

  private final String topicName;
  private final Uuid owner;
  private final Metadata metadata;
  private final TopicRegistry topics;
  private final Subscription subscription;
  private volatile Optional<Topic> topic = Optional.empty();

  Inbox(QueueDefinition queue, Metadata metadata, TopicRegistry topics, Subscription subscription) {
    this.topicName = TopicRegistry.INBOX_PREFIX + queue.name();
    this.owner = queue.id();
    this.metadata = metadata;
    this.topics = topics;
    this.subscription = subscription;
  }

  /** Empty before the first message. */
  Optional<Topic> topic() {
    return topic;
  }

  /** Finishes what was left half done too, as the disk was full. */
  Topic create(QueueSettings settings) {
    if (topic.isPresent()) {
      return topic.get();
    }
    topics.find(topicName).filter(found -> !isOwn(found)).ifPresent(topics::deleteAnyKind);
    Topic created = existing().orElseGet(() -> topics.create(newTopic(settings)));
    read(created);
    topic = Optional.of(created);
    return created;
  }

  private NewTopic newTopic(QueueSettings settings) {
    return new NewTopic(
        topicName,
        TopicKind.QUEUE_INBOX,
        1,
        configs(settings),
        Map.of(OWNER_ATTRIBUTE, owner.toString()));
  }

  private Optional<Topic> existing() {
    return topics.find(topicName).filter(this::isOwn);
  }

  private boolean isOwn(Topic found) {
    return owner.toString().equals(found.attributes().get(OWNER_ATTRIBUTE));
  }

  private void read(Topic inbox) {
    if (subscription.sources().contains(inbox.id())) {
      subscription.attach(inbox.id(), topics.partitions(inbox.id()));
    } else {
      subscription.addSource(
          inbox.id(), inbox.id(), topics.partitions(inbox.id()), new StartingPoint.Earliest());
    }
  }

  /**
   * Finds it again after a restart; one that a crash left without its cursor, or without the
   * queue's latest settings, gets them now.
   */
  void recover(QueueSettings settings) {
    topic = existing();
    alter(settings, List.of());
    topic.ifPresent(this::read);
  }

  /** Follows the queue's settings, in one decision with them. */
  void alter(QueueSettings settings, List<MetadataRecord> records) {
    Map<String, String> configs = configs(settings);
    if (existing().filter(found -> !found.configs().equals(configs)).isPresent()) {
      topics.alterConfigs(topicName, configs, records);
    } else if (!records.isEmpty()) {
      metadata.commit(records);
    }
  }

  private static Map<String, String> configs(QueueSettings settings) {
    int tenMessages = 10 * (settings.maxMessageBytes() + RECORD_OVERHEAD_BYTES);
    // Another queue's dead letters may be larger than what may be sent.
    int maxBatchBytes = Math.max(tenMessages, LARGEST_RECORD_BYTES);
    return Map.of(
        "retention.ms", Long.toString(settings.retention().toMillis()),
        "max.message.bytes", Integer.toString(maxBatchBytes));
  }

  boolean is(Topic other) {
    return topic.map(Topic::id).equals(Optional.of(other.id()));
  }

  /** Ends with its queue, in one decision. */
  void delete(TopicReaders.Farewell queue) {
    Optional<Topic> existing = existing();
    if (existing.isPresent()) {
      topics.deleteAnyKind(existing.get(), queue);
    } else {
      metadata.commit(queue.records());
      queue.afterwards().run();
    }
    topic = Optional.empty();
  }
}
