package io.sluice.client;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** The partitions that the application knows to be its own. Used by one thread at a time. */
final class Assignment {

  private Set<TopicPartition> assigned = new LinkedHashSet<>();
  private ConsumerRebalanceListener listener = GroupConsumer.NOBODY;

  /** Who is told from now on. */
  void listen(ConsumerRebalanceListener other) {
    listener = other;
  }

  /** Those partitions. */
  Set<TopicPartition> assigned() {
    return Set.copyOf(assigned);
  }

  /** Tells of those that are about to be read no longer. */
  void revoke(Collection<TopicPartition> partitions) {
    Set<TopicPartition> revoked = new LinkedHashSet<>(assigned);
    revoked.retainAll(partitions);
    remove(revoked);
    if (!revoked.isEmpty()) {
      listener.onPartitionsRevoked(revoked);
    }
  }

  /** Tells that what it had of all is with others by now. */
  void lose() {
    Set<TopicPartition> lost = assigned;
    assigned = new LinkedHashSet<>();
    if (!lost.isEmpty()) {
      listener.onPartitionsLost(lost);
    }
  }

  /** Tells what has changed, if anything has. */
  void tell(Set<TopicPartition> reading) {
    if (reading.equals(assigned)) {
      return;
    }
    Set<TopicPartition> removed = new LinkedHashSet<>(assigned);
    removed.removeAll(reading);
    revoke(removed);
    Set<TopicPartition> added = new LinkedHashSet<>(reading);
    added.removeAll(assigned);
    assigned = new LinkedHashSet<>(reading);
    listener.onPartitionsAssigned(added);
  }

  private void remove(Set<TopicPartition> revoked) {
    Set<TopicPartition> kept = new LinkedHashSet<>(assigned);
    kept.removeAll(revoked);
    assigned = kept;
  }
}
