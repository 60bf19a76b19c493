package io.sluice.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps zeros written after the end of a partition's newest segment. A flush of records that were
 * appended over them finds the file's length and blocks on disk already, and has no metadata to
 * write, which takes as long as to write the records (ADR 004).
 *
 * <p>Kafka cuts a segment to its records when the next one begins and when it is closed; after a
 * crash, recovery does. So nothing may be written ahead of a segment that is no longer the newest,
 * or of a log that is being closed: {@link #change} and {@link #end} see to that.
 */
final class ZerosAhead {

  private static final Logger LOGGER = LoggerFactory.getLogger(ZerosAhead.class);

  /** A flush that writes so much gains nothing by it: the zeros are written too. */
  private static final int MAX_BYTES = 256 * 1024;

  /** A small segment does not take much more than it holds. */
  private static final int MIN_BYTES = 16 * 1024;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(MAX_BYTES).asReadOnlyBuffer();

  /** Something done to the log. */
  interface Change<T> {
    T apply() throws IOException;
  }

  private final UnifiedLog log;

  /** Appends share it; zeros are written when nobody appends. */
  private final ReadWriteLock lock = new StampedLock().asReadWriteLock();

  /** Guarded by the lock's write side. */
  private boolean ended;

  /** Owned by the thread that flushes, as are those below. */
  private long segment;

  private long end;
  private long zerosTo;

  ZerosAhead(UnifiedLog log) {
    this.log = log;
    this.segment = log.activeSegment().baseOffset();
    this.end = log.activeSegment().size();
    this.zerosTo = end;
  }

  /** Does what may append or begin a segment, beside others who do. */
  <T> T change(Change<T> change) throws IOException {
    Lock shared = lock.readLock();
    shared.lock();
    try {
      return change.apply();
    } finally {
      shared.unlock();
    }
  }

  /** Something done while nobody appends. */
  interface Repair {
    void apply() throws IOException;
  }

  /** Does what must be done while nobody appends. */
  void alone(Repair repair) throws IOException {
    Lock alone = lock.writeLock();
    alone.lock();
    try {
      repair.apply();
    } finally {
      alone.unlock();
    }
  }

  /**
   * Called after a flush: writes zeros when the next one would reach beyond them. Only then do
   * appends wait for it.
   */
  void extend() {
    if (isEnough()) {
      return;
    }
    Lock alone = lock.writeLock();
    alone.lock();
    try {
      if (!ended) {
        write(log.activeSegment());
      }
    } catch (IOException e) {
      // Such as a full disk: whoever appends hears of it, if it is not well by then.
      LOGGER.debug("no zeros could be written ahead of {}", log.topicPartition(), e);
    } finally {
      alone.unlock();
    }
  }

  private boolean isEnough() {
    LogSegment newest = log.activeSegment();
    begin(newest.baseOffset());
    long size = newest.size();
    long appended = size - end;
    end = size;
    return zerosTo - size >= appended || appended > MAX_BYTES / 2;
  }

  private void begin(long newest) {
    if (newest != segment) {
      segment = newest;
      end = 0;
      zerosTo = 0;
    }
  }

  private void write(LogSegment newest) throws IOException {
    // Another may have begun, and more have been appended, since it was looked at.
    begin(newest.baseOffset());
    FileRecords records = newest.log();
    int size = records.sizeInBytes();
    long from = Math.max(zerosTo, size);
    ByteBuffer zeros = ZEROS.duplicate().limit(Math.clamp(size, MIN_BYTES, MAX_BYTES));
    zerosTo = Math.min(from + zeros.remaining(), Integer.MAX_VALUE);
    zeros.limit((int) (zerosTo - from));
    for (long position = from; zeros.hasRemaining(); ) {
      position += records.channel().write(zeros, position);
    }
  }

  /** Writes no more zeros: from here on the log may be closed. */
  void end() {
    Lock alone = lock.writeLock();
    alone.lock();
    try {
      ended = true;
    } finally {
      alone.unlock();
    }
  }
}
