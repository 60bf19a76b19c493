package io.sluice.broker.subscription;

import io.sluice.broker.MessageState;
import io.sluice.broker.RecordPosition;
import io.sluice.log.PartitionLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a subscription's messages and changes nothing: those that were passed and are not
 * acknowledged, and those ahead, the oldest first over all partitions. Where the cursors stand is
 * noted with the subscription's lock held; records are read without it. Owned by one thread.
 */
final class Peek {

  /** How many bytes of records one look takes; always one record. */
  private static final long MAX_BYTES = 8L << 20;

  /** How many records, or gaps between them, are read of a partition. */
  private static final int MAX_READ = 10_000;

  private static final Comparator<Partition> BY_AGE =
      Comparator.comparingLong((Partition partition) -> partition.head().record().timestamp())
          .thenComparingInt(partition -> partition.cursor.ordinal())
          .thenComparingLong(partition -> partition.head().record().offset());

  private final int max;
  private final long now;
  private final ChunkCache cache;
  private final Taker taker;
  private final List<Partition> partitions = new ArrayList<>();

  private Peek(int max, long now, Taker taker) {
    this.max = max;
    this.now = now;
    this.cache = taker.cache();
    this.taker = taker;
  }

  /** Notes where the cursors stand; with the lock held. Time is in ms since the epoch. */
  static Peek at(
      SubscriptionState state,
      Function<PartitionCursor, Optional<PartitionLog>> logs,
      SourceMessages messages,
      Taker taker,
      int max,
      long now) {
    Peek peek = new Peek(max, now, taker);
    for (PartitionCursor cursor : state.cursors()) {
      logs.apply(cursor)
          .ifPresent(
              log ->
                  peek.partitions.add(
                      peek.partition(cursor, log, messages.filter(cursor.sourceId()))));
    }
    return peek;
  }

  private Partition partition(PartitionCursor cursor, PartitionLog log, SourceFilter filter) {
    Deque<Outstanding> outstanding = new ArrayDeque<>();
    for (Outstanding passed : cursor.outstanding()) {
      if (outstanding.size() == max) {
        break;
      }
      outstanding.add(passed);
    }
    return new Partition(cursor, log, filter, outstanding);
  }

  /** The first messages; without the lock. */
  List<Seen> messages() {
    PriorityQueue<Partition> oldest = new PriorityQueue<>(BY_AGE);
    for (Partition partition : partitions) {
      if (partition.advance()) {
        oldest.add(partition);
      }
    }
    List<Seen> seen = new ArrayList<>();
    long bytes = 0;
    while (seen.size() < max && !oldest.isEmpty()) {
      Partition partition = oldest.remove();
      Seen next = partition.head();
      bytes += next.record().sizeInBytes();
      if (!seen.isEmpty() && bytes > MAX_BYTES) {
        return seen;
      }
      seen.add(next);
      if (partition.advance()) {
        oldest.add(partition);
      }
    }
    return seen;
  }

  /** What one partition brings, in the order of its offsets. */
  private final class Partition {

    /** Only what never changes of it. */
    private final PartitionCursor cursor;

    private final PartitionLog log;
    private final SourceFilter filter;
    private final Deque<Outstanding> outstanding;
    private final NavigableSet<Long> takenAhead;
    private final long passed;
    private final long bound;
    private long next;
    private int read;
    private @Nullable Seen head;

    Partition(
        PartitionCursor cursor,
        PartitionLog log,
        SourceFilter filter,
        Deque<Outstanding> outstanding) {
      this.cursor = cursor;
      this.log = log;
      this.filter = filter;
      this.outstanding = outstanding;
      this.takenAhead = new TreeSet<>();
      cursor.takenAhead().stream().limit(MAX_READ).forEach(takenAhead::add);
      this.passed = cursor.next();
      this.next = passed;
      this.bound = Math.min(cursor.end(), log.lastStableOffset());
    }

    Seen head() {
      return Objects.requireNonNull(head);
    }

    /** Goes to the next message, if there is one. */
    boolean advance() {
      while (!outstanding.isEmpty() && outstanding.getFirst().offset() < passed) {
        Outstanding before = outstanding.remove();
        Optional<Record> record = cache.record(log, before.offset());
        if (record.isPresent()) {
          head = seen(record.get(), state(before), before.receiveCount());
          return true;
        }
      }
      return advanceAhead();
    }

    private boolean advanceAhead() {
      next = Math.max(next, log.startOffset());
      while (next < bound && read++ < MAX_READ) {
        RecordChunk chunk = cache.read(log, next);
        int at = chunk.indexOf(next);
        if (at < chunk.records().length && chunk.records()[at].offset() < bound) {
          Record record = chunk.records()[at];
          next = record.offset() + 1;
          if (isMessage(record)) {
            return true;
          }
          continue;
        }
        if (chunk.next() <= next) {
          return false;
        }
        next = chunk.next();
      }
      return false;
    }

    /** Makes the record the head, unless it is none of the queue's or no more. */
    private boolean isMessage(Record record) {
      while (!outstanding.isEmpty() && outstanding.getFirst().offset() < record.offset()) {
        outstanding.remove();
      }
      if (!takenAhead.contains(record.offset())) {
        head = seen(record, state(cursor, record), 0);
        return filter.matches(cursor.partition(), record);
      }
      if (outstanding.isEmpty() || outstanding.getFirst().offset() > record.offset()) {
        return false;
      }
      Outstanding taken = outstanding.remove();
      head = seen(record, state(taken), taken.receiveCount());
      return true;
    }

    private Seen seen(Record record, MessageState state, int receiveCount) {
      return new Seen(
          cursor.sourceId(),
          new RecordPosition(cursor.topicId(), cursor.partition(), record.offset()),
          record,
          state,
          receiveCount);
    }
  }

  private MessageState state(Outstanding passed) {
    if (passed.deadline() <= now) {
      return new MessageState.Available();
    }
    Instant until = Instant.ofEpochMilli(passed.deadline());
    return passed.delayed() ? new MessageState.Delayed(until) : new MessageState.InFlight(until);
  }

  private MessageState state(PartitionCursor cursor, Record ahead) {
    long availableAt = taker.availableAt(cursor, ahead);
    return availableAt > now
        ? new MessageState.Delayed(Instant.ofEpochMilli(availableAt))
        : new MessageState.Available();
  }
}
