package io.sluice.broker;

import io.sluice.broker.MetadataState.StoredTopic;
import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions on disk those that the metadata journal names: what a crash between the two
 * left undone is finished or undone.
 */
final class TopicRecovery {

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicRecovery.class);

  /** Partitions of this prefix are journals, which belong to other rooms. */
  private static final String JOURNAL_PREFIX = "__sluice_";

  private TopicRecovery() {}

  static void reconcile(MetadataState state, TopicLayers layers, LogStore log) {
    Set<TopicPartition> known = new HashSet<>();
    for (StoredTopic stored : state.storedTopics()) {
      for (int i = 0; i < stored.topic().partitions(); i++) {
        TopicPartition partition = new TopicPartition(stored.storageName(), i);
        known.add(partition);
        if (log.partition(partition).isEmpty() && !stored.deleted()) {
          LOGGER.warn("partition {} was missing and is created empty", partition);
          log.create(partition, stored.topic().id(), layers.effective(stored.topic()));
        }
      }
    }
    log.alterConfigs(layers.effective());
    for (PartitionLog partition : log.partitions()) {
      TopicPartition name = partition.topicPartition();
      if (!known.contains(name) && !name.topic().startsWith(JOURNAL_PREFIX)) {
        undoCreation(log, partition);
      }
    }
  }

  /**
   * A creation that was cut short leaves empty partitions; one with records is nobody's to delete.
   */
  private static void undoCreation(LogStore log, PartitionLog partition) {
    if (partition.endOffset() == 0) {
      LOGGER.warn("partition {} was never finished and is removed", partition.topicPartition());
      log.delete(partition.topicPartition());
    } else {
      LOGGER.error(
          "partition {} holds {} records but belongs to no topic; it is left alone",
          partition.topicPartition(),
          partition.endOffset() - partition.startOffset());
    }
  }
}
