package io.sluice.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of many callers as few batches with few flushes. Who comes while a batch is
 * being flushed goes into the next one; and that waits for as many callers as there were lately,
 * but no longer than the last flush took. So one caller alone waits for nobody, and a crowd costs
 * one write, one flush and one wake-up.
 *
 * <p>All state is guarded by {@code waiting}, except that whoever takes calls from it to write them
 * holds {@code writing}, which keeps their order.
 */
final class SharedAppends {

  /** A batch ends with this much, unless one call alone has more; nor does more than this wait. */
  private static final int MAX_BATCH_BYTES = 256 << 10;

  /** However slow the disk is. */
  private static final long MAX_PATIENCE_NANOS = 1_000_000;

  /** Below this a flush is so quick that waiting costs more. */
  private static final long MIN_PATIENCE_NANOS = 50_000;

  /** How batches are written. */
  interface Writer {
    /** It is durable only when it is flushed. */
    Appended append(MemoryRecords records);

    /** Begins to flush what was appended, and returns at once. */
    void startFlush();

    /** Flushes what was appended, on the calling virtual thread if that may be. */
    void flush();
  }

  /** What one caller wants written. */
  private record Call(List<SimpleRecord> records, int bytes, CompletableFuture<Long> baseOffset) {

    void end(long offset, @Nullable Throwable failure) {
      if (failure == null) {
        baseOffset.complete(offset);
      } else {
        baseOffset.completeExceptionally(failure);
      }
    }
  }

  /** Calls whose records have their offsets. */
  private record Batch(List<Call> calls, long baseOffset, CompletableFuture<Void> durable) {

    void end(@Nullable Throwable failure) {
      long offset = baseOffset;
      for (Call call : calls) {
        call.end(offset, failure);
        offset += call.records().size();
      }
    }
  }

  /**
   * What came of those who waited.
   *
   * @param batches those of them who do not know yet how it ends: nearly always one
   */
  private record Written(int callers, List<Batch> batches) {}

  private final Writer writer;
  private final IntSupplier greatestBatchBytes;
  private final ReentrantLock writing = new ReentrantLock();
  private final Queue<Call> waiting = new ArrayDeque<>();
  private long waitingBytes;

  /** Writes for a crowd; null when there is none. */
  private @Nullable Thread leader;

  /** Whether a caller who found nobody else has a batch on its way. */
  private boolean alone;

  /** How many callers to wait for, and how long at most. */
  private int crowd = 1;

  private long patienceNanos;

  /** A topic may take smaller batches only. */
  SharedAppends(Writer writer, IntSupplier greatestBatchBytes) {
    this.writer = writer;
    this.greatestBatchBytes = greatestBatchBytes;
  }

  /** Completes with the offset of the first record when all are durable. */
  CompletableFuture<Long> append(List<SimpleRecord> records) {
    Call call = new Call(records, bytes(records), new CompletableFuture<>());
    boolean isFull;
    synchronized (waiting) {
      waiting.add(call);
      waitingBytes += call.bytes();
      isFull = waitingBytes >= MAX_BATCH_BYTES;
      if (!isFull && (leader != null || alone)) {
        if (leader != null && waiting.size() == crowd) {
          LockSupport.unpark(leader);
        }
        return call.baseOffset();
      }
      if (!isFull && crowd > 1) {
        lead();
        return call.baseOffset();
      }
      alone |= !isFull;
    }
    Written written = write();
    writer.startFlush();
    CompletableFuture<?>[] ends = new CompletableFuture<?>[written.batches().size()];
    for (int i = 0; i < ends.length; i++) {
      Batch batch = written.batches().get(i);
      ends[i] =
          batch
              .durable()
              .whenComplete((durable, failure) -> batch.end(failure))
              .exceptionally(failure -> null);
    }
    if (!isFull) {
      CompletableFuture.allOf(ends).thenRun(() -> afterOneAlone(written.callers()));
    }
    return call.baseOffset();
  }

  private static int bytes(List<SimpleRecord> records) {
    int bytes = 0;
    for (SimpleRecord record : records) {
      bytes +=
          AbstractRecords.estimateSizeInBytesUpperBound(
              RecordBatch.CURRENT_MAGIC_VALUE,
              CompressionType.NONE,
              record.key(),
              record.value(),
              record.headers());
    }
    return bytes;
  }

  private void afterOneAlone(int callers) {
    synchronized (waiting) {
      alone = false;
      crowd = callers + waiting.size();
      if (!waiting.isEmpty() && leader == null) {
        lead();
      }
    }
  }

  private void lead() {
    Thread started = Thread.ofVirtual().name("log-append").start(this::writeForCrowd);
    // It cannot get past its first look at what is waiting before this.
    leader = started;
  }

  private void writeForCrowd() {
    try {
      writeWhileSomeoneWaits();
    } catch (Throwable e) {
      // The next finds nobody who leads.
      synchronized (waiting) {
        leader = null;
      }
      failAll(e);
      throw e;
    }
  }

  private void writeWhileSomeoneWaits() {
    do {
      gather();
      long start = System.nanoTime();
      Written written = write();
      writer.flush();
      for (Batch batch : written.batches()) {
        // On this thread rather than the log's, which would wake each from outside of their pool.
        batch.end(batch.durable().handle((durable, failure) -> failure).join());
      }
      synchronized (waiting) {
        crowd = Math.max(1, written.callers() + waiting.size());
        long took = System.nanoTime() - start;
        patienceNanos = took < MIN_PATIENCE_NANOS ? 0 : Math.min(took, MAX_PATIENCE_NANOS);
      }
    } while (someoneWaits());
  }

  /** Waits for the crowd. */
  private void gather() {
    long start = System.nanoTime();
    while (true) {
      long left;
      synchronized (waiting) {
        left = start + patienceNanos - System.nanoTime();
        if (left <= 0 || waiting.size() >= crowd || waitingBytes >= MAX_BATCH_BYTES) {
          return;
        }
      }
      LockSupport.parkNanos(this, left);
    }
  }

  private boolean someoneWaits() {
    synchronized (waiting) {
      if (waiting.isEmpty()) {
        leader = null;
      }
      return leader != null;
    }
  }

  /** Writes those who wait, or as many of them as go into a batch; throws nothing. */
  private Written write() {
    writing.lock();
    try {
      List<Call> group = nextGroup();
      return new Written(group.size(), group.isEmpty() ? List.of() : write(group));
    } catch (Throwable e) {
      return new Written(failAll(e), List.of());
    } finally {
      writing.unlock();
    }
  }

  /** Nobody may wait for ever because memory was short, or because of a bug. */
  private int failAll(Throwable cause) {
    List<Call> failed;
    synchronized (waiting) {
      failed = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
    }
    failed.forEach(call -> call.end(-1, cause));
    return failed.size();
  }

  private List<Call> nextGroup() {
    List<Call> group = new ArrayList<>();
    int maxBytes = Math.min(MAX_BATCH_BYTES, greatestBatchBytes.getAsInt());
    int bytes = 0;
    synchronized (waiting) {
      for (Call next = waiting.peek();
          next != null && (group.isEmpty() || bytes + next.bytes() <= maxBytes);
          next = waiting.peek()) {
        group.add(next);
        waiting.remove();
        bytes += next.bytes();
      }
      waitingBytes -= bytes;
    }
    return group;
  }

  private List<Batch> write(List<Call> group) {
    try {
      SimpleRecord[] records =
          group.stream().flatMap(call -> call.records().stream()).toArray(SimpleRecord[]::new);
      Appended appended = writer.append(MemoryRecords.withRecords(Compression.NONE, records));
      return List.of(new Batch(group, appended.baseOffset(), appended.durable()));
    } catch (Throwable e) {
      if (group.size() > 1 && e instanceof ApiException && !(e instanceof KafkaStorageException)) {
        // Nothing of the batch was written: only those fail who are at fault.
        return group.stream().flatMap(call -> write(List.of(call)).stream()).toList();
      }
      group.forEach(call -> call.end(-1, e));
      return List.of();
    }
  }
}
