package io.sluice.broker.subscription;

import java.util.Arrays;
import java.util.NavigableSet;
import org.apache.kafka.common.record.internal.Record;

/**
 * Decoded records of one partition; immutable.
 *
 * @param from the first offset that it covers
 * @param next one past the last offset that it covers; what is not among the records is no message
 * @param records the messages in between, in offset order
 * @param bytes about how much memory it holds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RecordChunk(long from, long next, Record[] records, int bytes) {

  /** Covers nothing. */
  static RecordChunk nothing(long offset) {
    return new RecordChunk(offset, offset, new Record[0], 0);
  }

  /** Without the messages at these offsets. */
  RecordChunk without(NavigableSet<Long> offsets) {
    if (offsets.isEmpty() || offsets.subSet(from, next).isEmpty()) {
      return this;
    }
    Record[] others =
        Arrays.stream(records)
            .filter(record -> !offsets.contains(record.offset()))
            .toArray(Record[]::new);
    return new RecordChunk(from, next, others, bytes);
  }

  /** The index of the first record at or after {@code offset}. */
  int indexOf(long offset) {
    int low = 0;
    int high = records.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records[middle].offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
