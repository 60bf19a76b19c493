package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * How many of the records ahead of one cursor its filter lets through. Remembers what it has
 * counted, and each time goes on from there as far as it may; what lies beyond is taken to match as
 * often. Guarded by the monitor of {@link FilteredBacklogs}: reading and judging take long.
 */
final class MatchingAhead {

  /** How far ahead of the cursor it counts, in offsets. */
  private static final long MAX_SPAN = 1_000_000;

  /** How many offsets and bytes one count is for; the first one is counted again and again. */
  private static final long SEGMENT_OFFSETS = 1000;

  private static final long SEGMENT_BYTES = 256 * 1024;

  /** So many matches from {@code from} to before {@code next}. */
  private record Segment(long from, long next, long matches, long bytes) {

    private Segment and(Segment following) {
      return new Segment(
          from, following.next, matches + following.matches, bytes + following.bytes);
    }

    private boolean hasRoom() {
      return next - from < SEGMENT_OFFSETS && bytes < SEGMENT_BYTES;
    }
  }

  /** Without gaps, from where the cursor was to where the count got. */
  private final Deque<Segment> segments = new ArrayDeque<>();

  private @Nullable SourceFilter counted;
  private long matches;

  /**
   * About how many messages there are.
   *
   * @param next where the cursor is
   * @param bound where its messages end
   */
  long count(
      PartitionLog log,
      int partition,
      SourceFilter filter,
      long next,
      long bound,
      ReadBudget budget) {
    if (next >= bound) {
      clear();
      return 0;
    }
    forgetUnless(filter, next, bound);
    advance(log, partition, filter, next, budget);
    long end = segments.isEmpty() ? next : segments.getLast().next();
    while (end < bound && end - next < MAX_SPAN && !budget.isSpent()) {
      Segment more = read(log, partition, filter, end, bound, budget);
      if (more.next() <= end) {
        break;
      }
      append(more);
      end = more.next();
    }
    long span = end - next;
    double rest = span == 0 ? 0 : (double) matches / span * (bound - end);
    return matches + Math.round(rest);
  }

  private void forgetUnless(SourceFilter filter, long next, long bound) {
    boolean valid =
        filter.equals(counted)
            && !segments.isEmpty()
            && segments.getFirst().from() <= next
            && segments.getLast().next() <= bound;
    if (!valid) {
      clear();
      counted = filter;
    }
  }

  private void clear() {
    segments.clear();
    matches = 0;
    counted = null;
  }

  /** Leaves behind what the cursor has passed. */
  private void advance(
      PartitionLog log, int partition, SourceFilter filter, long next, ReadBudget budget) {
    while (!segments.isEmpty() && segments.getFirst().next() <= next) {
      matches -= segments.removeFirst().matches();
    }
    if (!segments.isEmpty() && segments.getFirst().from() < next) {
      Segment first = segments.removeFirst();
      Segment left = new Segment(next, next, 0, 0);
      while (left.next() < first.next()) {
        Segment more = read(log, partition, filter, left.next(), first.next(), budget);
        if (more.next() <= left.next()) {
          // It cannot be read now, or no more may be: what follows would be behind a gap.
          clear();
          counted = filter;
          return;
        }
        left = left.and(more);
      }
      matches += left.matches() - first.matches();
      segments.addFirst(left);
    }
  }

  private void append(Segment more) {
    matches += more.matches();
    if (!segments.isEmpty() && segments.getLast().hasRoom()) {
      segments.addLast(segments.removeLast().and(more));
    } else {
      segments.addLast(more);
    }
  }

  private static Segment read(
      PartitionLog log,
      int partition,
      SourceFilter filter,
      long from,
      long bound,
      ReadBudget budget) {
    RecordChunk chunk = RecordReader.read(log, from, ReadIsolation.COMMITTED);
    long next = Math.min(chunk.next(), bound);
    long found = 0;
    long bytes = 0;
    for (Record record : chunk.records()) {
      boolean full = record.offset() - from >= SEGMENT_OFFSETS || budget.isSpent();
      if (record.offset() >= next || full) {
        next = Math.min(next, record.offset());
        break;
      }
      budget.spend(record);
      bytes += record.sizeInBytes();
      found += filter.matches(partition, record) ? 1 : 0;
    }
    return new Segment(from, next, found, bytes);
  }
}
