package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;

/**
 * What the cursors of a subscription read: those records that the filters of their sources let
 * through. What one decision judges is bounded, so that a filter which lets little through never
 * keeps the subscription's lock for long. Guarded by that lock.
 */
final class SourceMessages {

  /** How many records one decision judges. */
  static final int MAX_JUDGED = 2000;

  /** How many bytes of records one decision judges; always one record. */
  private static final long MAX_JUDGED_BYTES = 1L << 20;

  private final Map<Uuid, SourceFilter> filters = new HashMap<>();
  private int judged;
  private long judgedBytes;

  /** Replaces a source's filter; returns the new one. */
  SourceFilter filter(Uuid sourceId, SourceFilter filter) {
    if (filter.isNone()) {
      filters.remove(sourceId);
    } else {
      filters.put(sourceId, filter);
    }
    return filter;
  }

  /** The source's filter. */
  SourceFilter filter(Uuid sourceId) {
    return filters.getOrDefault(sourceId, SourceFilter.NONE);
  }

  /** A new decision begins. */
  void begin() {
    judged = 0;
    judgedBytes = 0;
  }

  /** Whether the decision has judged as much as it may: the next one should go on from there. */
  boolean exhausted() {
    return judged >= MAX_JUDGED || judgedBytes >= MAX_JUDGED_BYTES;
  }

  /**
   * The messages from {@code offset} on, at most {@code max} where there is a filter. Covers
   * nothing when nothing is there to read yet, and when the decision is {@link #exhausted}.
   */
  RecordChunk read(
      ChunkCache cache, PartitionCursor cursor, PartitionLog log, long offset, int max) {
    SourceFilter filter = filters.isEmpty() ? SourceFilter.NONE : filter(cursor.sourceId());
    if (filter.isNone()) {
      return cache.read(log, offset).without(cursor.takenAhead());
    }
    return exhausted()
        ? RecordChunk.nothing(offset)
        : judge(cache.read(log, offset), filter, cursor.partition(), offset, max)
            .without(cursor.takenAhead());
  }

  /** As {@link #read} for who looks at what lies far ahead, and will not read it again soon. */
  RecordChunk scan(PartitionCursor cursor, PartitionLog log, long offset) {
    if (exhausted()) {
      return RecordChunk.nothing(offset);
    }
    SourceFilter filter = filter(cursor.sourceId());
    RecordChunk chunk = RecordReader.read(log, offset, ReadIsolation.COMMITTED);
    RecordChunk messages =
        filter.isNone() ? chunk : judge(chunk, filter, cursor.partition(), offset, MAX_JUDGED);
    return messages.without(cursor.takenAhead());
  }

  private RecordChunk judge(
      RecordChunk chunk, SourceFilter filter, int partition, long offset, int max) {
    List<Record> messages = new ArrayList<>();
    int index = chunk.indexOf(offset);
    while (index < chunk.records().length && messages.size() < max && !exhausted()) {
      Record record = chunk.records()[index++];
      judged++;
      judgedBytes += record.sizeInBytes();
      if (filter.matches(partition, record)) {
        messages.add(record);
      }
    }
    // What lies between the last record that was judged and the next one is no message.
    long next = index < chunk.records().length ? chunk.records()[index].offset() : chunk.next();
    return new RecordChunk(offset, next, messages.toArray(Record[]::new), 0);
  }
}
