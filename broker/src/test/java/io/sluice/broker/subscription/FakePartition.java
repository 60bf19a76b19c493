package io.sluice.broker.subscription;

import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.EpochEnd;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.TimestampedOffset;
import io.sluice.log.TransactionAppend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * A partition in memory that can hold back its flushes, leave gaps as compaction does, and count
 * its reads. Guarded by its monitor; futures and listeners are called outside it.
 */
final class FakePartition implements PartitionLog {

  /** An append that is not durable yet. */
  private record Pending(long endOffset, CompletableFuture<Void> durable) {}

  private final TopicPartition name;
  private final Uuid topicId;
  private final Room room;
  private final Runnable changeListener;
  private final TreeMap<Long, MutableRecordBatch> batches = new TreeMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong reads = new AtomicLong();
  private long start;
  private long durable;
  private long end;
  private long gap;
  private boolean held;
  private boolean offline;

  FakePartition(TopicPartition name, Uuid topicId, Room room, Runnable changeListener) {
    this.name = name;
    this.topicId = topicId;
    this.room = room;
    this.changeListener = changeListener;
  }

  /** What a crash leaves of this partition when everything from {@code to} on was lost. */
  synchronized FakePartition crashed(long to, Room its, Runnable listener) {
    FakePartition copy = new FakePartition(name, topicId, its, listener);
    for (MutableRecordBatch batch : batches.values()) {
      if (batch.lastOffset() < to) {
        copy.batches.put(batch.baseOffset(), batch);
      }
    }
    copy.start = start;
    copy.end = Math.min(to, end);
    copy.durable = copy.end;
    return copy;
  }

  synchronized List<Long> batchEnds() {
    return batches.values().stream().map(RecordBatch::lastOffset).toList();
  }

  /** How often this partition was read. */
  long reads() {
    return reads.get();
  }

  /** From now on nothing becomes durable. */
  synchronized void holdFlushes() {
    held = true;
  }

  /** Makes everything durable, also from now on. */
  void releaseFlushes() {
    synchronized (this) {
      held = false;
    }
    makeDurable();
  }

  private void makeDurable() {
    List<Pending> done;
    synchronized (this) {
      if (held) {
        return;
      }
      durable = end;
      done = List.copyOf(pending);
      pending.clear();
    }
    listeners.forEach(Runnable::run);
    done.forEach(waiter -> waiter.durable().complete(null));
  }

  /**
   * The next append passes over so many offsets, as if compaction had removed what was there; it
   * never removes the last record.
   */
  synchronized void leaveGap(long offsets) {
    gap = offsets;
  }

  @Override
  public TopicPartition topicPartition() {
    return name;
  }

  @Override
  public Uuid topicId() {
    return topicId;
  }

  @Override
  public Optional<TransactionAppend> startVerification(
      long producerId, short producerEpoch, int baseSequence, boolean endsBumpEpoch) {
    return Optional.empty();
  }

  @Override
  public List<DescribeProducersResponseData.ProducerState> activeProducers() {
    return List.of();
  }

  @Override
  public Appended appendUnflushed(
      MemoryRecords records, AppendSource source, TransactionAppend transaction) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    long base;
    long last;
    synchronized (this) {
      checkOnline();
      room.take(name);
      end += gap;
      gap = 0;
      base = end;
      ByteBuffer bytes = ByteBuffer.allocate(records.sizeInBytes());
      bytes.put(records.buffer().duplicate()).flip();
      for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
        long count = batch.lastOffset() - batch.baseOffset();
        batch.setLastOffset(end + count);
        batch.setPartitionLeaderEpoch(0);
        batches.put(batch.baseOffset(), batch);
        end = batch.lastOffset() + 1;
      }
      last = end - 1;
      pending.add(new Pending(end, future));
    }
    changeListener.run();
    makeDurable();
    return new Appended(base, last, -1, startOffset(), future);
  }

  @Override
  public synchronized Fetched read(
      long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation) {
    reads.incrementAndGet();
    checkOnline();
    if (offset < start || offset > end) {
      throw new OffsetOutOfRangeException(offset + " is not in " + start + "–" + end);
    }
    long bound = isolation == ReadIsolation.LOG_END ? end : durable;
    Map.Entry<Long, MutableRecordBatch> first = batches.floorEntry(offset);
    long from = first != null && first.getValue().lastOffset() >= offset ? first.getKey() : offset;
    List<MutableRecordBatch> found = new ArrayList<>();
    int size = 0;
    for (MutableRecordBatch batch : batches.tailMap(from).values()) {
      boolean fits = size + batch.sizeInBytes() <= maxBytes || (atLeastOneBatch && size == 0);
      if (batch.lastOffset() >= bound || !fits) {
        break;
      }
      found.add(batch);
      size += batch.sizeInBytes();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    found.forEach(batch -> batch.writeTo(bytes));
    bytes.flip();
    return new Fetched(MemoryRecords.readableRecords(bytes), durable, durable, start, List.of());
  }

  private void checkOnline() {
    if (offline) {
      throw new KafkaStorageException("partition " + name + " is offline");
    }
  }

  @Override
  public synchronized long startOffset() {
    return start;
  }

  @Override
  public synchronized long highWatermark() {
    return durable;
  }

  @Override
  public synchronized long lastStableOffset() {
    return durable;
  }

  @Override
  public synchronized long endOffset() {
    return end;
  }

  @Override
  public int leaderEpoch() {
    return 0;
  }

  @Override
  public synchronized Optional<TimestampedOffset> findByTimestamp(
      long timestampMs, ReadIsolation isolation) {
    for (RecordBatch batch : batches.values()) {
      for (Record record : batch) {
        if (record.offset() >= start
            && record.offset() < durable
            && record.timestamp() >= timestampMs) {
          return Optional.of(new TimestampedOffset(record.timestamp(), record.offset(), 0));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<TimestampedOffset> findMaxTimestamp() {
    return Optional.empty();
  }

  @Override
  public Optional<EpochEnd> endOffsetForEpoch(int leaderEpoch) {
    return Optional.of(new EpochEnd(0, endOffset()));
  }

  @Override
  public long deleteRecordsBefore(long offset) {
    synchronized (this) {
      checkOnline();
      if (offset > durable) {
        throw new OffsetOutOfRangeException(offset + " is beyond " + durable);
      }
      start = Math.max(start, offset);
      batches.values().removeIf(batch -> batch.lastOffset() < start);
    }
    changeListener.run();
    listeners.forEach(Runnable::run);
    return startOffset();
  }

  @Override
  public synchronized long sizeInBytes() {
    return batches.values().stream().mapToLong(RecordBatch::sizeInBytes).sum();
  }

  @Override
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** Refuses every later call and wakes whoever waits. */
  void retire() {
    synchronized (this) {
      offline = true;
    }
    listeners.forEach(Runnable::run);
  }
}
