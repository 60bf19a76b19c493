package io.sluice.broker.subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * Ended sources that have nothing left, until somebody has been told, which happens outside the
 * subscription's lock. What was noted is guarded by its monitor.
 */
final class DrainedSources {

  private final SubscriptionState state;
  private final SourcePartitions partitions;
  private final SourceMessages messages;
  private final List<Uuid> noted = new ArrayList<>(0);
  private volatile Consumer<Uuid> listener = sourceId -> {};

  /** Spares the monitor where there are none. */
  private volatile boolean any;

  DrainedSources(SubscriptionState state, SourcePartitions partitions, SourceMessages messages) {
    this.state = state;
    this.partitions = partitions;
    this.messages = messages;
  }

  void listener(Consumer<Uuid> newListener) {
    listener = newListener;
  }

  /**
   * Forgets sources that have nothing left: gaps and control records at their end are passed
   * without acknowledgement. One that cannot be forgotten now, as the disk is full, is with a later
   * call; what was done before does not fail for it. Must be called with the subscription's lock
   * held.
   *
   * @param append applies events or throws
   */
  void forget(Consumer<List<CursorEvent>> append) {
    for (Uuid sourceId : List.copyOf(state.endedSources())) {
      if (state.sources().contains(sourceId) && state.drained(sourceId)) {
        try {
          append.accept(List.of(new CursorEvent.SourceDrained(sourceId)));
        } catch (KafkaStorageException _) {
          return;
        }
        partitions.unwatch(sourceId);
        messages.filter(sourceId, SourceFilter.NONE);
        note(sourceId);
      }
    }
  }

  private synchronized void note(Uuid sourceId) {
    noted.add(sourceId);
    any = true;
  }

  /**
   * Tells, once; what the listener cannot put on the disk now it is told again with a later call.
   */
  void tell() {
    if (any) {
      for (Uuid sourceId : take()) {
        try {
          listener.accept(sourceId);
        } catch (KafkaStorageException _) {
          note(sourceId);
        }
      }
    }
  }

  private synchronized List<Uuid> take() {
    List<Uuid> taken = List.copyOf(noted);
    noted.clear();
    any = false;
    return taken;
  }
}
