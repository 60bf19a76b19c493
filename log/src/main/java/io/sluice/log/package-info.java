/**
 * Partitions on disk: append, read, group commit, recovery, retention and compaction.
 *
 * <p>The port that the rest of the house uses is {@link io.sluice.log.LogStore} and {@link
 * io.sluice.log.PartitionLog}; the implementation on a data folder is {@link
 * io.sluice.log.DiskLogStore}, which wraps Apache Kafka's storage module. This package may depend
 * on kafka-storage and kafka-clients; it knows nothing of consumer groups, queues or protocols, and
 * no type of kafka-storage leaves it.
 */
@NullMarked
package io.sluice.log;

import org.jspecify.annotations.NullMarked;
