package io.sluice.broker;

import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.Uuid;

/**
 * One entry of the metadata journal: the whole new state of one thing, or its end. Applying a
 * record twice is as good as once.
 */
sealed interface MetadataRecord {

  /** Who this broker is; written once. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Identity(String clusterId, byte[] secret) implements MetadataRecord {}

  /** Producer ids below {@code next} may have been given out. */
  record ProducerIds(long next) implements MetadataRecord {}

  /** The topic is like this, with its partitions under {@code storageName} in the log store. */
  record TopicIs(Topic topic, String storageName) implements MetadataRecord {}

  /** The name is free; the partitions stay while a source drains them. */
  record TopicDeleted(Uuid topicId) implements MetadataRecord {}

  /** Nobody needs the deleted topic's partitions any more. */
  record TopicDrained(Uuid topicId) implements MetadataRecord {}

  /** The queue is like this. */
  record QueueIs(QueueDefinition queue) implements MetadataRecord {}

  /** The share group has a subscription of its own, until a queue takes it over. */
  record ShareGroupIs(ShareGroupDefinition group) implements MetadataRecord {}

  /** The queue, or the share group of that id, is gone, with its sources. */
  record QueueDeleted(Uuid queueId) implements MetadataRecord {}

  /**
   * The source is like this; one that has {@code ended} delivers what it has and no more. What was
   * published in former times is judged by the filters of those times, the oldest first.
   */
  record SourceIs(Source source, boolean ended, List<PastFilter> past) implements MetadataRecord {

    /** A source with no past. */
    SourceIs(Source source, boolean ended) {
      this(source, ended, List.of());
    }
  }

  /** An ended source has delivered everything. */
  record SourceDrained(Uuid sourceId) implements MetadataRecord {}

  /** The task is like this; of one queue's, only the latest are remembered. */
  record MoveTaskIs(MoveTask task) implements MetadataRecord {}

  /** The configuration of something that is no topic is this; none at all when empty. */
  record ConfigsAre(ConfigKind kind, String name, SortedMap<String, String> configs)
      implements MetadataRecord {}
}
