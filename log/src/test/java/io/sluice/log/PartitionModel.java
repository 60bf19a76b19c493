package io.sluice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/** What a partition should hold, in a map. Owned by the test's thread. */
final class PartitionModel {

  /** One record. */
  record Entry(long timestampMs, String value) {}

  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private long start;
  private long end;

  /** Whoever was told so may rely on everything below. */
  private long promisedEnd;

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  void append(Entry entry) {
    entries.put(end++, entry);
  }

  void promise(long endOffset) {
    promisedEnd = Math.max(promisedEnd, endOffset);
  }

  /** The records below are gone. */
  NavigableMap<Long, Entry> deleteBefore(long offset) {
    assertTrue(offset >= start && offset <= end, "start " + offset + " after " + start);
    start = offset;
    NavigableMap<Long, Entry> below = entries.headMap(offset, false);
    NavigableMap<Long, Entry> deleted = new TreeMap<>(below);
    below.clear();
    return deleted;
  }

  /** A crash left the records below; what was promised must be among them. */
  void crash(long endOffset) {
    assertTrue(
        endOffset >= promisedEnd && endOffset <= end,
        "end " + endOffset + " after a crash, promised " + promisedEnd + ", written " + end);
    end = endOffset;
    entries.tailMap(endOffset, true).clear();
  }

  void assertRecord(Record record) {
    Entry expected = entries.get(record.offset());
    Entry found = new Entry(record.timestamp(), Utils.utf8(record.value()));
    assertEquals(expected, found, "offset " + record.offset());
  }

  /** The first offset below {@code bound} at or after a time. */
  Optional<Long> firstAtOrAfter(long timestampMs, long bound) {
    return entries.headMap(bound, false).entrySet().stream()
        .filter(entry -> entry.getValue().timestampMs() >= timestampMs)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  long greatestTimestamp() {
    return entries.values().stream().mapToLong(Entry::timestampMs).max().orElse(-1);
  }
}
