package io.sluice.broker.subscription;

import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.Record;

/**
 * Decoded records that queues are about to read or to read again, bounded over all subscriptions of
 * a broker: read-ahead, redeliveries and the many queues of one topic share it. Guarded by its
 * monitor, which is not held while the disk is read.
 */
final class ChunkCache {

  /** Where a chunk stands. */
  private record Place(PartitionLog log, long from) {}

  private final Map<PartitionLog, NavigableMap<Long, RecordChunk>> byPartition = new HashMap<>();
  private final LinkedHashMap<Place, RecordChunk> byUse = new LinkedHashMap<>(16, 0.75f, true);
  private final ReadIsolation isolation;
  private final long maxBytes;
  private long bytes;

  /** Holds what {@code isolation} lets see, and about so many bytes of it. */
  ChunkCache(ReadIsolation isolation, long maxBytes) {
    this.isolation = isolation;
    this.maxBytes = maxBytes;
  }

  /** A chunk that covers {@code offset}, or an empty one when nothing is there to read yet. */
  RecordChunk read(PartitionLog log, long offset) {
    RecordChunk cached = find(log, offset);
    if (cached != null) {
      return cached;
    }
    RecordChunk chunk = RecordReader.read(log, offset, isolation);
    if (chunk.next() > chunk.from()) {
      keep(log, chunk);
    }
    return chunk;
  }

  /**
   * One record; empty when retention or compaction has removed it.
   *
   * @throws org.apache.kafka.common.errors.KafkaStorageException the disk does not give it
   */
  Optional<Record> record(PartitionLog log, long offset) {
    if (offset < log.startOffset()) {
      return Optional.empty();
    }
    return record(read(log, offset), offset);
  }

  private static Optional<Record> record(RecordChunk chunk, long offset) {
    int index = chunk.indexOf(offset);
    return index < chunk.records().length && chunk.records()[index].offset() == offset
        ? Optional.of(chunk.records()[index])
        : Optional.empty();
  }

  /** As {@link #record}, for who will not read what follows it: keeps nothing. */
  Optional<Record> recordAlone(PartitionLog log, long offset) {
    if (offset < log.startOffset()) {
      return Optional.empty();
    }
    RecordChunk cached = find(log, offset);
    RecordChunk chunk = cached == null ? RecordReader.readBatch(log, offset, isolation) : cached;
    return record(chunk, offset);
  }

  private synchronized @org.jspecify.annotations.Nullable RecordChunk find(
      PartitionLog log, long offset) {
    NavigableMap<Long, RecordChunk> chunks = byPartition.get(log);
    if (chunks == null) {
      return null;
    }
    Map.Entry<Long, RecordChunk> entry = chunks.floorEntry(offset);
    if (entry == null || entry.getValue().next() <= offset) {
      return null;
    }
    return byUse.get(new Place(log, entry.getKey()));
  }

  private synchronized void keep(PartitionLog log, RecordChunk chunk) {
    Place place = new Place(log, chunk.from());
    remove(place);
    byPartition.computeIfAbsent(log, unknown -> new TreeMap<>()).put(chunk.from(), chunk);
    byUse.put(place, chunk);
    bytes += chunk.bytes();
    Iterator<Place> leastUsed = byUse.keySet().iterator();
    while (bytes > maxBytes && byUse.size() > 1) {
      Place victim = leastUsed.next();
      remove(victim);
      leastUsed = byUse.keySet().iterator();
    }
  }

  private void remove(Place place) {
    RecordChunk removed = byUse.remove(place);
    if (removed != null) {
      bytes -= removed.bytes();
      NavigableMap<Long, RecordChunk> chunks = byPartition.get(place.log());
      if (chunks != null) {
        chunks.remove(place.from());
        if (chunks.isEmpty()) {
          byPartition.remove(place.log());
        }
      }
    }
  }
}
