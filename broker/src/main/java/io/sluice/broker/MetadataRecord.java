package io.sluice.broker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.apache.kafka.common.Uuid;

/**
 * One entry of the metadata journal: the whole new state of one thing, or its end. Applying a
 * record twice is as good as once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MetadataRecord.Identity.class, name = "identity"),
  @JsonSubTypes.Type(value = MetadataRecord.ProducerIds.class, name = "producer-ids"),
  @JsonSubTypes.Type(value = MetadataRecord.TopicIs.class, name = "topic"),
  @JsonSubTypes.Type(value = MetadataRecord.TopicDeleted.class, name = "topic-deleted"),
  @JsonSubTypes.Type(value = MetadataRecord.TopicDrained.class, name = "topic-drained"),
  @JsonSubTypes.Type(value = MetadataRecord.QueueIs.class, name = "queue"),
  @JsonSubTypes.Type(value = MetadataRecord.QueueDeleted.class, name = "queue-deleted"),
  @JsonSubTypes.Type(value = MetadataRecord.SourceIs.class, name = "source"),
  @JsonSubTypes.Type(value = MetadataRecord.SourceDrained.class, name = "source-drained")
})
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

  /** The queue is gone, with its sources. */
  record QueueDeleted(Uuid queueId) implements MetadataRecord {}

  /** The source is like this; one that has {@code ended} delivers what it has and no more. */
  record SourceIs(Source source, boolean ended) implements MetadataRecord {}

  /** An ended source has delivered everything. */
  record SourceDrained(Uuid sourceId) implements MetadataRecord {}
}
