package io.sluice.kafka.group;

import io.sluice.broker.Topic;
import io.sluice.broker.TopicKind;
import io.sluice.broker.TopicListener;
import io.sluice.broker.Topics;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.TopicImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the coordinator which topics there are, soon after each change: groups rebalance over new
 * topics and partitions, and lose their offsets of deleted ones. As in Kafka the coordinator lags
 * behind the change, which must not wait for its writes. Internal topics are left out, so that a
 * regular expression never subscribes to the offsets topic itself.
 */
final class TopicImages implements TopicListener, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicImages.class);

  private final Topics topics;
  private final GroupCoordinator coordinator;
  private final InstantSource clock;
  private final OffsetsTopic offsets;
  private final Thread publisher = Thread.ofVirtual().name("group-topics").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();

  /** Ids of topics to look at again; as many as there are topics. Owned by {@link #lock}. */
  private Set<Uuid> changed = new HashSet<>();

  /** What the coordinator knows. Owned by {@link #publisher} once that has started. */
  private MetadataImage image = MetadataImage.EMPTY;

  TopicImages(
      Topics topics, GroupCoordinator coordinator, OffsetsTopic offsets, InstantSource clock) {
    this.topics = topics;
    this.coordinator = coordinator;
    this.offsets = offsets;
    this.clock = clock;
  }

  /** Publishes the topics that exist. */
  void publishAll() {
    topics.addListener(this);
    topics.list().forEach(this::changed);
    publish(take());
  }

  /**
   * Begins to publish changes, when the groups are loaded: until then the coordinator would not
   * remove what they have of deleted topics.
   */
  void follow() {
    publisher.start();
  }

  @Override
  public void changed(Topic topic) {
    lookAgain(topic);
  }

  @Override
  public void deleted(Topic topic) {
    lookAgain(topic);
  }

  private void lookAgain(Topic topic) {
    if (topic.kind() == TopicKind.INTERNAL) {
      return;
    }
    lock.lock();
    try {
      changed.add(topic.id());
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  private Set<Uuid> take() {
    lock.lock();
    try {
      Set<Uuid> taken = changed;
      changed = new HashSet<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void awaitNews() throws InterruptedException {
    lock.lock();
    try {
      while (changed.isEmpty()) {
        news.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      offsets.awaitLoaded();
      while (true) {
        awaitNews();
        try {
          publish(take());
        } catch (RuntimeException e) {
          LOGGER.error("the group coordinator does not know of a change to topics", e);
        }
      }
    } catch (InterruptedException e) {
      LOGGER.debug("topics are no longer published", e);
    }
  }

  /** Publishes the difference between what is known and what is true now. */
  private void publish(Set<Uuid> ids) {
    MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
    for (Uuid id : ids) {
      Optional<Topic> topic = topics.find(id);
      if (topic.isPresent()) {
        addPartitions(delta, topic.get());
      } else if (image.topics().getTopic(id) != null) {
        delta.replay(new RemoveTopicRecord().setTopicId(id));
      }
    }
    if (delta.topicsDelta() == null && !image.isEmpty()) {
      return;
    }
    // Groups remember the version at which their regular expressions were last resolved, so it
    // must grow over restarts too.
    long version = Math.max(image.offset() + 1, clock.millis());
    image = delta.apply(new MetadataProvenance(version, 0, clock.millis(), true));
    coordinator.onMetadataUpdate(delta, image);
  }

  private void addPartitions(MetadataDelta delta, Topic topic) {
    TopicImage known = image.topics().getTopic(topic.id());
    if (known == null) {
      delta.replay(new TopicRecord().setTopicId(topic.id()).setName(topic.name()));
    }
    int first = known == null ? 0 : known.partitions().size();
    for (int i = first; i < topic.partitions(); i++) {
      delta.replay(
          new PartitionRecord()
              .setTopicId(topic.id())
              .setPartitionId(i)
              .setReplicas(List.of())
              .setIsr(List.of())
              .setLeader(-1));
    }
  }

  /** Stops publishing, and waits for the update that is under way. */
  @Override
  public void close() {
    publisher.interrupt();
    try {
      publisher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
