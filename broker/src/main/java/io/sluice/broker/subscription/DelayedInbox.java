package io.sluice.broker.subscription;

import io.sluice.log.ReadIsolation;
import java.util.Arrays;
import org.apache.kafka.common.record.internal.Record;

/**
 * The messages of one inbox that its cursor has not passed and that are hidden, each for as long as
 * it says itself. What lies ahead is read once. Guarded by the monitor of {@link DelayedAhead};
 * times are ms.
 */
final class DelayedInbox {

  /** How many are known, 16 bytes each; more than those count as available. */
  private static final int MAX_KNOWN = 120_000;

  private final int restarts;
  private long next;
  private long position;

  /** Ascending. */
  private long[] offsets = new long[0];

  private long[] availableAt = new long[0];
  private int known;

  /** Looks from {@code position} on. */
  DelayedInbox(DelayedAhead.Span span, long position) {
    this.restarts = span.restarts();
    this.next = span.next();
    this.position = position;
  }

  /** Whether the cursor has only moved on. */
  boolean goesOn(DelayedAhead.Span span) {
    return span.restarts() == restarts && span.next() >= next && span.bound() >= position;
  }

  /** How many are hidden at {@code now}, as far as the budget lets it look. */
  long count(DelayedAhead.Span span, long now, Taker taker, ReadBudget budget) {
    next = span.next();
    position = Math.max(position, next);
    forget(now);
    while (position < span.bound() && !budget.isSpent()) {
      RecordChunk chunk = RecordReader.read(span.log(), position, ReadIsolation.COMMITTED);
      if (chunk.next() <= position) {
        break;
      }
      for (int i = chunk.indexOf(position); i < chunk.records().length; i++) {
        look(chunk.records()[i], span, now, taker);
        budget.spend(chunk.records()[i]);
      }
      position = chunk.next();
    }
    return known;
  }

  private void forget(long now) {
    int kept = 0;
    for (int i = 0; i < known; i++) {
      if (offsets[i] >= next && availableAt[i] > now) {
        offsets[kept] = offsets[i];
        availableAt[kept++] = availableAt[i];
      }
    }
    known = kept;
  }

  private void look(Record record, DelayedAhead.Span span, long now, Taker taker) {
    long until = taker.availableAt(span.cursor(), record);
    if (until <= now || known == MAX_KNOWN || record.offset() >= span.bound()) {
      return;
    }
    if (known == offsets.length) {
      int length = Math.clamp(2L * known, 16, MAX_KNOWN);
      offsets = Arrays.copyOf(offsets, length);
      availableAt = Arrays.copyOf(availableAt, length);
    }
    offsets[known] = record.offset();
    availableAt[known++] = until;
  }
}
