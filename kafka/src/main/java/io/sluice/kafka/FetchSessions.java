package io.sluice.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * The fetch sessions (KIP-227) that there are, so many at most; a client for whom there is no room
 * goes on without. As in Kafka a session belongs to nobody in particular: it ends when its client
 * says so, or when it gives way to another. Safe for use by many threads.
 */
final class FetchSessions {

  /** Kafka's {@code max.incremental.fetch.session.cache.slots}. */
  static final int MAX_SESSIONS = 1_000;

  /** Of all sessions together: some 200 bytes each. Kafka has no such bound. */
  static final int MAX_PARTITIONS = 100_000;

  /** Kafka's {@code FETCH_SESSION_EVICTION_MS}: after so long a session may have to give way. */
  static final long EVICTABLE_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** A session, and what decides whether it gives way. */
  private static final class Slot {
    private final FetchSession session;
    private final long created;
    private long used;
    private int partitions;

    Slot(FetchSession session, long now) {
      this.session = session;
      this.created = now;
      this.used = now;
      this.partitions = session.partitions();
    }
  }

  private final int maxSessions;
  private final int maxPartitions;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  /** By id; what was used longest ago comes first. Owned by {@link #lock}. */
  private final SequencedMap<Integer, Slot> slots = new LinkedHashMap<>();

  /** Of all slots. Owned by {@link #lock}. */
  private int partitions;

  FetchSessions(int maxSessions, int maxPartitions, LongSupplier nanoTime) {
    this.maxSessions = maxSessions;
    this.maxPartitions = maxPartitions;
    this.nanoTime = nanoTime;
  }

  /** A session, which counts as used now. */
  Optional<FetchSession> use(int id) {
    lock.lock();
    try {
      Slot slot = slots.get(id);
      if (slot == null) {
        return Optional.empty();
      }
      slot.used = nanoTime.getAsLong();
      slots.putLast(id, slot);
      return Optional.of(slot.session);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes note of how many partitions a session has now.
   *
   * @return whether the session goes on: it ends when it has none or when there is no room for them
   */
  boolean resized(FetchSession session) {
    lock.lock();
    try {
      Slot slot = slots.get(session.id());
      if (slot == null || slot.session != session) {
        return false;
      }
      int size = session.partitions();
      partitions += size - slot.partitions;
      slot.partitions = size;
      if (size == 0 || partitions > maxPartitions) {
        remove(slot);
        return false;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a session, if there is one of that id. */
  void end(int id) {
    lock.lock();
    try {
      Slot slot = slots.get(id);
      if (slot != null) {
        remove(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a session with a full answer.
   *
   * @return its id, or {@link FetchMetadata#INVALID_SESSION_ID} when there is no room
   */
  int begin(boolean usesTopicIds, FetchAnswer told) {
    lock.lock();
    try {
      if (!makeRoom(told.parts().size())) {
        return FetchMetadata.INVALID_SESSION_ID;
      }
      FetchSession session = new FetchSession(newId(), usesTopicIds, told);
      Slot slot = new Slot(session, nanoTime.getAsLong());
      slots.putLast(session.id(), slot);
      partitions += slot.partitions;
      return session.id();
    } finally {
      lock.unlock();
    }
  }

  private boolean makeRoom(int size) {
    long now = nanoTime.getAsLong();
    while (isFull(size) && !slots.isEmpty()) {
      Slot oldest = slots.firstEntry().getValue();
      if (now - oldest.used <= EVICTABLE_NANOS) {
        break;
      }
      remove(oldest);
    }
    if (slots.size() >= maxSessions) {
      smallest(slots.values(), now).filter(slot -> slot.partitions <= size).ifPresent(this::remove);
    }
    return !isFull(size);
  }

  private boolean isFull(int size) {
    return slots.size() >= maxSessions || partitions + size > maxPartitions;
  }

  /** One that is used, but gains least by it; whoever has just begun is left alone. */
  private static Optional<Slot> smallest(Collection<Slot> slots, long now) {
    return slots.stream()
        .filter(slot -> now - slot.created > EVICTABLE_NANOS)
        .min(Comparator.comparingInt(slot -> slot.partitions));
  }

  private int newId() {
    int id = FetchMetadata.INVALID_SESSION_ID;
    while (id == FetchMetadata.INVALID_SESSION_ID || slots.containsKey(id)) {
      id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    }
    return id;
  }

  private void remove(Slot slot) {
    slots.remove(slot.session.id());
    partitions -= slot.partitions;
  }
}
