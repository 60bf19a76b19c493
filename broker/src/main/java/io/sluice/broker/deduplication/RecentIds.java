package io.sluice.broker.deduplication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which ids were seen lately and where: about 30 bytes an id, whatever its length. An id is known
 * by 64 bits of its digest, so what is found must be looked at. Owned by its {@link Deduplicator}.
 */
final class RecentIds {

  /** Ids are forgotten by the minute; until then their age is looked at. */
  private static final long GENERATION_MS = 60_000;

  /** Where a message with an id stands; the time is in ms since the epoch. */
  record Place(int partition, long offset, long timestamp) {}

  /** The ids of one minute, in an open-addressing table; a tag of 0 is an empty slot. */
  private static final class Generation {
    private static final int FIRST_CAPACITY = 64;
    private static final int SLOT_BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    private final long start;
    private long[] tags = new long[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY];
    private int[] partitions = new int[FIRST_CAPACITY];
    private int[] ages = new int[FIRST_CAPACITY];
    private int size;

    Generation(long start) {
      this.start = start;
    }

    long bytes() {
      return (long) tags.length * SLOT_BYTES;
    }

    void add(long tag, Place place) {
      if (4 * (size + 1) > 3 * tags.length) {
        grow();
      }
      int slot = slot(tag, tags.length);
      while (tags[slot] != 0) {
        slot = (slot + 1) & (tags.length - 1);
      }
      set(slot, tag, place.offset(), place.partition(), (int) (place.timestamp() - start));
      size++;
    }

    private void set(int slot, long tag, long offset, int partition, int age) {
      tags[slot] = tag;
      offsets[slot] = offset;
      partitions[slot] = partition;
      ages[slot] = age;
    }

    private void grow() {
      Generation larger = new Generation(start);
      int capacity = 2 * tags.length;
      larger.tags = new long[capacity];
      larger.offsets = new long[capacity];
      larger.partitions = new int[capacity];
      larger.ages = new int[capacity];
      for (int i = 0; i < tags.length; i++) {
        if (tags[i] != 0) {
          int slot = slot(tags[i], capacity);
          while (larger.tags[slot] != 0) {
            slot = (slot + 1) & (capacity - 1);
          }
          larger.set(slot, tags[i], offsets[i], partitions[i], ages[i]);
        }
      }
      tags = larger.tags;
      offsets = larger.offsets;
      partitions = larger.partitions;
      ages = larger.ages;
    }

    private static int slot(long tag, int capacity) {
      return (int) (tag ^ (tag >>> 32)) & (capacity - 1);
    }

    Optional<Place> find(long tag, Predicate<Place> condition) {
      int slot = slot(tag, tags.length);
      while (tags[slot] != 0) {
        if (tags[slot] == tag) {
          Place place = new Place(partitions[slot], offsets[slot], start + ages[slot]);
          if (condition.test(place)) {
            return Optional.of(place);
          }
        }
        slot = (slot + 1) & (tags.length - 1);
      }
      return Optional.empty();
    }
  }

  /** The newest first. */
  private final Deque<Generation> generations = new ArrayDeque<>();

  private final DeduplicationMemory memory;

  RecentIds(DeduplicationMemory memory) {
    this.memory = memory;
  }

  /** Remembers where the message with an id stands; about in the order of their times. */
  void add(long tag, Place place) {
    if (generations.isEmpty()
        || place.timestamp() >= generations.getFirst().start + GENERATION_MS) {
      generations.addFirst(new Generation(place.timestamp()));
      memory.taken(generations.getFirst().bytes());
    }
    Generation newest = generations.getFirst();
    long before = newest.bytes();
    newest.add(tag == 0 ? 1 : tag, place);
    memory.taken(newest.bytes() - before);
  }

  /** The newest place with that tag that meets the condition. */
  Optional<Place> find(long tag, Predicate<Place> condition) {
    for (Generation generation : generations) {
      Optional<Place> found = generation.find(tag == 0 ? 1 : tag, condition);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Forgets what is older than {@code time}, at the latest a minute after that. */
  void forgetBefore(long time) {
    Iterator<Generation> oldestFirst = generations.descendingIterator();
    while (oldestFirst.hasNext()) {
      Generation oldest = oldestFirst.next();
      if (oldest.start + GENERATION_MS > time) {
        return;
      }
      memory.released(oldest.bytes());
      oldestFirst.remove();
    }
  }

  void clear() {
    generations.forEach(generation -> memory.released(generation.bytes()));
    generations.clear();
  }
}
