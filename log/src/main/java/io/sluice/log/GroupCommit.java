package io.sluice.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.storage.internals.log.LogOffsetMetadata;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;

/**
 * Makes one partition's appends durable: one flush serves everyone who appended before it began,
 * and the next begins as soon as it ends and someone waits. At most one flush of a partition runs
 * at a time, on a platform thread of the store or of a caller who waits. The list of those who wait
 * is guarded by {@code waiting}.
 */
final class GroupCommit {

  /**
   * An append that waits.
   *
   * @param endOffset one past its last record
   */
  private record Waiter(long endOffset, CompletableFuture<Void> durable) {}

  /** What a flush reports. */
  interface Outcome {
    /** Everything below this offset is durable. Called in order, before the waiters hear of it. */
    void durableTo(LogOffsetMetadata end) throws IOException;

    /** A flush failed: nothing after the last durable offset can be trusted. */
    void failed(Exception cause);
  }

  private final UnifiedLog log;
  private final Flushing flushing;
  private final ZerosAhead zerosAhead;
  private final Outcome outcome;
  private final List<Waiter> waiting = new ArrayList<>();
  private boolean running;
  private @Nullable KafkaStorageException failure;

  /** Owned by the thread that flushes. */
  private long durableTo;

  private long newestSegment;

  GroupCommit(UnifiedLog log, Flushing flushing, ZerosAhead zerosAhead, Outcome outcome) {
    this.log = log;
    this.flushing = flushing;
    this.zerosAhead = zerosAhead;
    this.outcome = outcome;
    this.durableTo = log.logEndOffset();
    this.newestSegment = log.activeSegment().baseOffset();
  }

  /**
   * Completes when everything below {@code endOffset} is durable: after the flush that runs, or one
   * of {@link #start} or {@link #flushHere}.
   */
  CompletableFuture<Void> durable(long endOffset) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    synchronized (waiting) {
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      waiting.add(new Waiter(endOffset, durable));
    }
    return durable;
  }

  /** Begins a flush for those who wait, unless one runs: whoever runs it goes on for them. */
  void start() {
    if (takeTurn()) {
      flushing.threads().execute(this::flushWhileSomeoneWaits);
    }
  }

  /**
   * Flushes on the calling thread for those who wait, unless a flush runs. Whoever comes meanwhile
   * is served by a thread of the store, so that the caller waits for one flush and no more.
   */
  void flushHere() {
    if (takeTurn() && flushOnce() && someoneWaits()) {
      flushing.threads().execute(this::flushWhileSomeoneWaits);
    }
  }

  /**
   * As {@link #flushHere} on a virtual thread, which spares waking two others; unless as many
   * carriers as may be are held by flushes already.
   */
  void flushOnCarrier() {
    if (!flushing.carriers().tryAcquire()) {
      start();
      return;
    }
    try {
      flushHere();
    } finally {
      flushing.carriers().release();
    }
  }

  private boolean takeTurn() {
    synchronized (waiting) {
      boolean mine = !running && !waiting.isEmpty();
      running |= mine;
      return mine;
    }
  }

  private void flushWhileSomeoneWaits() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = flushOnce() && someoneWaits();
    }
  }

  /** Tells those whose records are durable; false when the partition has failed. */
  private boolean flushOnce() {
    try {
      LogOffsetMetadata end = log.logEndOffsetMetadata();
      flush(end.messageOffset);
      outcome.durableTo(end);
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it is: who waits must hear of it.
      try {
        outcome.failed(e instanceof Exception exception ? exception : new IOException(e));
      } finally {
        fail(new KafkaStorageException("flush of " + log.topicPartition() + " failed", e));
      }
      return false;
    }
    takeDurable().forEach(waiter -> waiter.durable().complete(null));
    zerosAhead.extend();
    return true;
  }

  private void flush(long end) throws IOException {
    if (end <= durableTo) {
      return;
    }
    long newest = newestSegment;
    // From the segment that was the newest: when it has been cut to its records, that must be on
    // disk before records of the next are promised, for recovery deletes what follows zeros.
    for (LogSegment segment : log.logSegments(newestSegment, end)) {
      flushing.file().flush(segment.log());
      newest = Math.max(newest, segment.baseOffset());
    }
    if (newest > newestSegment) {
      Utils.flushDir(log.dir().toPath());
      newestSegment = newest;
    }
    durableTo = end;
  }

  private List<Waiter> takeDurable() {
    List<Waiter> done = new ArrayList<>();
    synchronized (waiting) {
      for (Iterator<Waiter> waiters = waiting.iterator(); waiters.hasNext(); ) {
        Waiter waiter = waiters.next();
        if (waiter.endOffset() <= durableTo) {
          done.add(waiter);
          waiters.remove();
        }
      }
    }
    return done;
  }

  private boolean someoneWaits() {
    synchronized (waiting) {
      running = !waiting.isEmpty();
      return running;
    }
  }

  /** Everyone who waits, and whoever comes later, gets {@code cause}. */
  void fail(KafkaStorageException cause) {
    List<Waiter> lost;
    synchronized (waiting) {
      failure = cause;
      running = false;
      lost = List.copyOf(waiting);
      waiting.clear();
    }
    lost.forEach(waiter -> waiter.durable().completeExceptionally(cause));
  }
}
