package io.sluice.broker.subscription;

import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;

/**
 * Decides what one share fetch takes of one partition, and says so as events, which must be applied
 * before the next decision: a few batches from the first available record on, and in them whatever
 * is available. Used once, with the subscription's lock held.
 */
final class Leasing {

  /** How many messages behind a filter are looked for before it is seen whether they fit. */
  private static final int JUDGED_AT_ONCE = 64;

  /** A batch that was read, and looked at. */
  private record Span(long first, long last, int position, int end) {}

  private final PartitionCursor cursor;
  private final PartitionLog log;
  private final SourceMessages messages;
  private final Claim claim;
  private final long now;
  private final boolean givesUp;
  private final Optional<MessageGroups> groups;
  private final List<CursorEvent> events = new ArrayList<>();
  private final List<Outstanding> due = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private final List<Lease.Range> ranges = new ArrayList<>();
  private Records records = Lease.NONE.records();
  private Iterator<? extends RecordBatch> batches = Collections.emptyIterator();

  /** In which of the batches the last record was taken. */
  private int span;

  /** Whether nothing more may be taken. */
  private boolean full;

  /**
   * A decision at {@code now}, ms since the epoch.
   *
   * @param givesUp whether records that were delivered as often as the claim says are done with
   * @param groups of a FIFO queue, whose cursors have passed what may be taken
   */
  Leasing(
      PartitionCursor cursor,
      PartitionLog log,
      SourceMessages messages,
      Claim claim,
      long now,
      boolean givesUp,
      Optional<MessageGroups> groups) {
    this.cursor = cursor;
    this.log = log;
    this.messages = messages;
    this.claim = claim;
    this.now = now;
    this.givesUp = givesUp;
    this.groups = groups;
  }

  /**
   * What may be taken.
   *
   * @param taker knows how many more messages of the subscription may be in flight
   * @param cache of records as far as the claim sees
   */
  Lease take(Taker taker, ChunkCache cache) {
    if (claim.maxRecords() <= 0) {
      return Lease.NONE;
    }
    int room = taker.room();
    int locks = claim.maxLocks() - cursor.outstanding().size() + sort();
    if (room <= 0) {
      due.removeIf(this::usesRoom);
    }
    long bound = Math.min(cursor.end(), bound());
    long start = due.isEmpty() ? firstNew() : due.getFirst().offset();
    boolean nothingNew = groups.isPresent() || Math.min(locks, room) <= 0 || start >= bound;
    if ((due.isEmpty() && nothingNew) || !read(start)) {
      return Lease.NONE;
    }
    batches = records.batches().iterator();
    int begun = takeDue(room);
    if (groups.isEmpty()) {
      takeNew(bound, Math.min(locks, room - begun), taker, cache);
    } else {
      note(cursor.next(), List.of(), List.of());
    }
    return offsets.isEmpty() ? Lease.NONE : new Lease(leasedBatches(), ranges);
  }

  /** The events of the decision, in the order in which they must be applied. */
  List<CursorEvent> events() {
    return events;
  }

  /** How many bytes of batches there are from the first available record on, up to the claim's. */
  long readableBytes() {
    sort();
    long start = due.isEmpty() ? firstNew() : due.getFirst().offset();
    boolean nothing =
        due.isEmpty() && (groups.isPresent() || start >= Math.min(cursor.end(), bound()));
    return nothing || !read(start) ? 0 : records.sizeInBytes();
  }

  private long bound() {
    return switch (claim.isolation()) {
      case LOG_END -> throw new IllegalArgumentException("the log's end is not for readers");
      case HIGH_WATERMARK -> log.highWatermark();
      case COMMITTED -> log.lastStableOffset();
    };
  }

  private long firstNew() {
    return Math.max(cursor.next(), log.startOffset());
  }

  /** Finds what is available again, and gives up what was delivered too often; how many. */
  private int sort() {
    List<Long> spent = new ArrayList<>();
    for (Outstanding outstanding :
        groups
            .<Iterable<Outstanding>>map(known -> known.inTurn(cursor))
            .orElse(cursor.outstanding())) {
      if (outstanding.offset() >= cursor.next()) {
        // Taken ahead by a queue's receiver: share consumers come to it with the cursor.
        break;
      }
      if (outstanding.deadline() <= now) {
        if (givesUp && outstanding.receiveCount() >= claim.maxDeliveries()) {
          spent.add(outstanding.offset());
        } else {
          due.add(outstanding);
        }
      }
    }
    if (!spent.isEmpty()) {
      events.add(new CursorEvent.Acknowledged(cursor.sourceId(), cursor.partition(), spent));
    }
    return spent.size();
  }

  private boolean read(long start) {
    try {
      Fetched fetched = log.read(start, claim.maxBytes(), claim.oneBatch(), claim.isolation());
      records = fetched.records();
    } catch (OffsetOutOfRangeException e) {
      // Retention has just been here.
      return false;
    }
    return true;
  }

  /** Whether the offset is among what was read; looks at no more batches, as that reads too. */
  private boolean covers(long offset) {
    while (spans.isEmpty() || spans.getLast().last() < offset) {
      if (!batches.hasNext()) {
        return false;
      }
      RecordBatch batch = batches.next();
      int position = spans.isEmpty() ? 0 : spans.getLast().end();
      int end = position + batch.sizeInBytes();
      spans.add(new Span(batch.baseOffset(), batch.lastOffset(), position, end));
    }
    return true;
  }

  /**
   * A record that is delivered for the last time is delivered alone: were it the one that breaks
   * its consumers, others would be given up with it.
   *
   * @return how many are in flight for the first time: their delay is over
   */
  private int takeDue(int room) {
    int begun = 0;
    for (Outstanding outstanding : due) {
      long offset = outstanding.offset();
      if (usesRoom(outstanding) && begun >= room) {
        continue;
      }
      boolean lastTime =
          claim.maxDeliveries() > 2 && outstanding.receiveCount() == claim.maxDeliveries() - 1;
      if (isFull(offset) || (lastTime && !offsets.isEmpty()) || !covers(offset)) {
        full = true;
        return begun;
      }
      take(offset, outstanding.receiveCount() + 1);
      begun += usesRoom(outstanding) ? 1 : 0;
      if (lastTime) {
        full = true;
        return begun;
      }
    }
    return begun;
  }

  /** Whether it is not among the messages in flight that are counted. */
  private boolean usesRoom(Outstanding outstanding) {
    return outstanding.delayed() || groups.isPresent();
  }

  private void takeNew(long end, int room, Taker taker, ChunkCache cache) {
    int before = offsets.size();
    long next = firstNew();
    List<Long> delayed = new ArrayList<>();
    List<Long> until = new ArrayList<>();
    while (!full && next < end) {
      RecordChunk chunk = messages.read(cache, cursor, log, next, JUDGED_AT_ONCE);
      if (chunk.next() <= next) {
        break;
      }
      for (int i = chunk.indexOf(next); i < chunk.records().length && !full; i++) {
        Record record = chunk.records()[i];
        long availableAt = taker.availableAt(cursor, record);
        boolean isDelayed = availableAt > now;
        full =
            record.offset() >= end
                || isFull(record.offset())
                || offsets.size() - before >= room
                || (isDelayed && !taker.mayDelay(delayed.size()))
                || (!isDelayed && !covers(record.offset()));
        if (full) {
          next = Math.min(record.offset(), end);
        } else if (isDelayed) {
          delayed.add(record.offset());
          until.add(availableAt);
        } else {
          take(record.offset(), 1);
        }
      }
      next = full ? next : Math.min(chunk.next(), end);
    }
    note(next, delayed, until);
  }

  private boolean isFull(long offset) {
    return offsets.size() >= claim.maxRecords()
        && !(claim.wholeBatches() && !offsets.isEmpty() && offset <= spans.get(span).last());
  }

  private void take(long offset, int deliveryCount) {
    while (spans.get(span).last() < offset) {
      span++;
    }
    offsets.add(offset);
    Lease.Range last = ranges.isEmpty() ? new Lease.Range(0, -2, 0) : ranges.getLast();
    boolean goesOn =
        last.last() + 1 == offset
            && last.deliveryCount() == deliveryCount
            && (offset - last.first() < claim.batchSize() || offset != spans.get(span).first());
    if (goesOn) {
      ranges.set(ranges.size() - 1, new Lease.Range(last.first(), offset, deliveryCount));
    } else {
      ranges.add(new Lease.Range(offset, offset, deliveryCount));
    }
  }

  private void note(long next, List<Long> delayed, List<Long> until) {
    if (!delayed.isEmpty()) {
      // The cursor itself moves with the last event, so that no prefix of the journal skips any.
      events.add(
          new CursorEvent.Delayed(
              cursor.sourceId(), cursor.partition(), cursor.next(), delayed, until));
    }
    if (next > cursor.next() || !offsets.isEmpty()) {
      events.add(
          new CursorEvent.Leased(
              cursor.sourceId(),
              cursor.partition(),
              next,
              now,
              now + claim.lock().toMillis(),
              claim.owner(),
              offsets));
    }
  }

  private Records leasedBatches() {
    Span first = spans.getFirst();
    for (int i = 1; first.last() < offsets.getFirst(); i++) {
      first = spans.get(i);
    }
    return records.slice(first.position(), spans.get(span).end() - first.position());
  }
}
