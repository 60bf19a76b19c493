package io.sluice.broker.subscription;

import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.DamagedRecordsException;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.ReadSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of many subscriptions in one partition, so that they share its group commit, with a
 * snapshot so that a restart does not replay the world. Safe for use by many threads: entries are
 * appended and applied under the read lock, a snapshot is taken under the write lock.
 */
final class SubscriptionJournal {

  private static final Logger LOGGER = LoggerFactory.getLogger(SubscriptionJournal.class);
  private static final int READ_BYTES = 1 << 20;

  /** A snapshot is due when the journal has grown by this much, or by a snapshot's own size. */
  private static final long SNAPSHOT_BYTES = 16L << 20;

  private final PartitionLog log;
  private final SnapshotFile snapshotFile;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<Uuid, SubscriptionState> states = new ConcurrentHashMap<>();
  private final AtomicLong bytesSinceSnapshot = new AtomicLong();
  private final AtomicBoolean snapshotRunning = new AtomicBoolean();
  private final ReentrantLock snapshotLock = new ReentrantLock();

  /** The first entry that the newest snapshot does not cover; guarded by the snapshot lock. */
  private long snapshotOffset;

  /** How large the newest snapshot is. */
  private volatile long snapshotBytes;

  SubscriptionJournal(PartitionLog log, SnapshotFile snapshotFile) {
    this.log = log;
    this.snapshotFile = snapshotFile;
    recover();
  }

  private void recover() {
    long start = log.startOffset();
    SnapshotFile.Contents snapshot =
        snapshotFile.read().orElseGet(() -> new SnapshotFile.Contents(0, new HashMap<>()));
    if (snapshot.offset() < start) {
      throw new IllegalStateException(
          "subscription journal "
              + log.topicPartition()
              + " begins at "
              + start
              + " but what is left of its snapshots ends at "
              + snapshot.offset());
    }
    states.putAll(snapshot.states());
    snapshotOffset = snapshot.offset();
    boolean isDamaged = !replayFrom(snapshot.offset());
    states.values().removeIf(SubscriptionState::deleted);
    if (isDamaged || snapshot.offset() > log.endOffset()) {
      rewriteSnapshots();
    }
  }

  /** False when entries are damaged. */
  private boolean replayFrom(long first) {
    long offset = first;
    while (offset < log.highWatermark()) {
      Fetched fetched;
      try {
        fetched = log.readChecked(offset, READ_BYTES, ReadIsolation.HIGH_WATERMARK);
      } catch (DamagedRecordsException e) {
        // What follows could pass over messages of which it is lost that they were not delivered.
        LOGGER.error(
            "{}: what is recorded from there to {} is disregarded, and messages that were received"
                + " and deleted since come again",
            e.getMessage(),
            log.highWatermark() - 1);
        return false;
      }
      for (Record record : fetched.records().records()) {
        if (record.offset() >= offset) {
          replay(record);
          offset = record.offset() + 1;
        }
      }
    }
    return true;
  }

  /**
   * A power loss took entries that the snapshot covers, as it may where the operating system holds
   * what counts as durable. The next entries get their offsets, which no snapshot may cover. Or
   * entries are damaged, and must not be read again.
   */
  private void rewriteSnapshots() {
    LOGGER.warn(
        "{} ends at {}, its snapshot at {}", log.topicPartition(), log.endOffset(), snapshotOffset);
    snapshotOffset = log.endOffset();
    byte[] snapshot = SnapshotFile.encode(snapshotOffset, states);
    try {
      snapshotFile.write(snapshot);
      snapshotFile.write(snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replay(Record record) {
    ByteBuffer key = record.key();
    Uuid id = new Uuid(key.getLong(key.position()), key.getLong(key.position() + Long.BYTES));
    states
        .computeIfAbsent(id, unknown -> new SubscriptionState())
        .apply(EventCodec.decode(record.value()));
    bytesSinceSnapshot.addAndGet(record.sizeInBytes());
  }

  /** The recovered subscriptions. */
  Map<Uuid, SubscriptionState> states() {
    return states;
  }

  /**
   * Appends events and applies them; the caller holds the subscription's own lock, so that they are
   * applied in the order of the journal. Snapshots hold a state from its creation to its deletion.
   *
   * @return completes when they are durable
   */
  CompletableFuture<Void> append(
      Uuid id, SubscriptionState state, List<? extends CursorEvent> events) {
    Appended appended;
    lock.readLock().lock();
    try {
      appended = log.append(records(id, events), AppendSource.COORDINATOR);
      events.forEach(event -> applyUnlocked(id, state, event));
    } finally {
      lock.readLock().unlock();
    }
    if (bytesSinceSnapshot.get() > Math.max(SNAPSHOT_BYTES, snapshotBytes)
        && snapshotRunning.compareAndSet(false, true)) {
      Thread.ofVirtual().name("subscription-snapshot").start(this::snapshotInBackground);
    }
    return appended.durable();
  }

  /** Applies an event that the journal does not take, and that recovery need not find there. */
  void apply(Uuid id, SubscriptionState state, CursorEvent event) {
    lock.readLock().lock();
    try {
      applyUnlocked(id, state, event);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void applyUnlocked(Uuid id, SubscriptionState state, CursorEvent event) {
    state.apply(event);
    switch (event) {
      case CursorEvent.Created() -> states.put(id, state);
      case CursorEvent.Deleted() -> states.remove(id);
      default -> {}
    }
  }

  private MemoryRecords records(Uuid id, List<? extends CursorEvent> events) {
    ByteBuffer key = ByteBuffer.allocate(2 * Long.BYTES);
    key.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    List<SimpleRecord> records = new ArrayList<>(events.size());
    for (CursorEvent event : events) {
      byte[] value = EventCodec.encode(event);
      bytesSinceSnapshot.addAndGet(value.length);
      records.add(new SimpleRecord(key.array(), value));
    }
    return MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new));
  }

  /** Runs {@code reading} while no subscription of this journal changes. */
  private <T> T still(Supplier<T> reading) {
    lock.writeLock().lock();
    try {
      return reading.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** A snapshot's bytes, and the first journal entry that they do not cover. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cut(long offset, byte[] bytes) {}

  private void snapshotInBackground() {
    try {
      snapshot();
    } catch (IOException | KafkaException e) {
      LOGGER.error("snapshot of {} failed; its journal is kept", log.topicPartition(), e);
    } finally {
      snapshotRunning.set(false);
    }
  }

  /**
   * Writes a snapshot, then drops the entries that the one before it covers. What it holds is made
   * durable in the journal first: otherwise a power loss could leave a snapshot of entries that
   * never were.
   */
  void snapshot() throws IOException {
    snapshotLock.lock();
    try {
      Cut cut = still(this::cut);
      if (cut.offset() == snapshotOffset) {
        return;
      }
      awaitDurable(cut.offset());
      snapshotFile.write(cut.bytes());
      log.deleteRecordsBefore(snapshotOffset);
      snapshotOffset = cut.offset();
      snapshotBytes = cut.bytes().length;
    } finally {
      snapshotLock.unlock();
    }
  }

  private Cut cut() {
    bytesSinceSnapshot.set(0);
    long end = log.endOffset();
    return new Cut(end, SnapshotFile.encode(end, states));
  }

  private void awaitDurable(long offset) throws IOException {
    try (ReadSignal signal = new ReadSignal()) {
      signal.watch(log);
      while (log.highWatermark() < offset) {
        // Says so when the partition is offline, for which nothing ever comes.
        log.read(log.highWatermark(), 1, false, ReadIsolation.HIGH_WATERMARK);
        if (!signal.await(Duration.ofSeconds(30))) {
          throw new IOException("journal entries below " + offset + " were not made durable");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Returns when what was appended is durable; throws what keeps it from that. */
  static void await(CompletableFuture<Void> durable) {
    try {
      durable.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ApiException cause ? cause : e;
    }
  }
}
