package io.sluice.log;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The partitions of one data folder. */
public final class DiskLogStore implements LogStore {

  /**
   * Opens a data folder, creating it when it is missing, and recovers every partition in it, in
   * parallel.
   *
   * @throws DataDirectoryException the folder cannot be written, or another process uses it
   */
  public static DiskLogStore open(Path directory, LogStoreOptions options) {
    throw new UnsupportedOperationException(directory + " " + options);
  }

  @Override
  public PartitionLog create(TopicPartition partition, Uuid topicId, Map<String, String> configs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<PartitionLog> partition(TopicPartition partition) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Collection<PartitionLog> partitions() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void alterConfigs(String topic, Map<String, String> configs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(TopicPartition partition) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
