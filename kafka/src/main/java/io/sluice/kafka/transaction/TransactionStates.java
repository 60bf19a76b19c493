package io.sluice.kafka.transaction;

import io.sluice.log.DamagedRecordsException;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import io.sluice.log.clock.Clocks;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.coordinator.transaction.TransactionLog;
import org.apache.kafka.coordinator.transaction.TransactionMetadata;
import org.apache.kafka.coordinator.transaction.TxnTransitMetadata;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of every transactional id, in memory and in the log. Safe for use by many threads. */
final class TransactionStates {

  private static final Logger LOGGER = LoggerFactory.getLogger(TransactionStates.class);
  private static final int READ_BYTES = 1 << 20;

  /** What clients may make us keep: about 100,000 ids. */
  private static final long MAX_BYTES = 64 << 20;

  /** About what an id without its name takes on the heap. */
  private static final int ENTRY_BYTES = 512;

  private final TransactionTopic topic;
  private final Clocks clocks;
  private final ConcurrentMap<String, TransactionEntry> entries = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  private TransactionStates(TransactionTopic topic, Clocks clocks) {
    this.topic = topic;
    this.clocks = clocks;
  }

  /**
   * Reads what the log says.
   *
   * @throws KafkaStorageException it cannot be read
   */
  static TransactionStates load(TransactionTopic topic, Clocks clocks) {
    TransactionStates states = new TransactionStates(topic, clocks);
    topic.partitions().forEach(states::load);
    states.entries.values().stream()
        .mapToLong(entry -> entry.inLock(TransactionMetadata::txnLastUpdateTimestamp))
        .forEach(clocks.steady()::notBefore);
    return states;
  }

  private void load(PartitionLog log) {
    long offset = log.startOffset();
    long end = log.endOffset();
    while (offset < end) {
      MemoryRecords read;
      try {
        read = log.readChecked(offset, READ_BYTES, ReadIsolation.LOG_END).inMemory();
      } catch (DamagedRecordsException e) {
        // Its transaction goes on from what is known of it, and its timeout ends it.
        offset = e.nextOffset();
        continue;
      }
      if (read.sizeInBytes() == 0) {
        // Compaction may leave nothing up to the end.
        return;
      }
      for (MutableRecordBatch batch : read.batches()) {
        batch.forEach(record -> load(log, record));
        offset = batch.nextOffset();
      }
    }
  }

  private void load(PartitionLog log, Record record) {
    switch (TransactionLog.read(record.key(), record.value())) {
      case TransactionLog.TxnRecord state -> {
        remove(state.transactionId());
        put(new TransactionEntry(state.metadata()));
      }
      case TransactionLog.TxnTombstone tombstone -> remove(tombstone.transactionId());
      case TransactionLog.UnknownKeyVersion unknown -> ignored(log, record, unknown.version());
      case TransactionLog.UnknownValueVersion unknown -> ignored(log, record, unknown.version());
    }
  }

  private static void ignored(PartitionLog log, Record record, short version) {
    LOGGER.warn(
        "a record of unknown version {} at {} of {} is ignored: a newer version wrote it",
        version,
        record.offset(),
        log.topicPartition());
  }

  /** What the times of transactions are told by. */
  Clocks clocks() {
    return clocks;
  }

  Optional<TransactionEntry> find(String transactionalId) {
    return Optional.ofNullable(entries.get(transactionalId));
  }

  Collection<TransactionEntry> all() {
    return entries.values();
  }

  /**
   * The state of an id that may be new.
   *
   * @throws PolicyViolationException there are too many
   */
  TransactionEntry findOrCreate(String transactionalId, Supplier<TransactionMetadata> first) {
    TransactionEntry there = entries.get(transactionalId);
    if (there != null) {
      return there;
    }
    if (bytes.get() + bytes(transactionalId) > MAX_BYTES) {
      throw new PolicyViolationException("there are too many transactional ids");
    }
    return put(new TransactionEntry(first.get()));
  }

  private TransactionEntry put(TransactionEntry entry) {
    TransactionEntry there = entries.putIfAbsent(entry.transactionalId(), entry);
    if (there == null) {
      bytes.addAndGet(bytes(entry.transactionalId()));
      return entry;
    }
    return there;
  }

  private void remove(String transactionalId) {
    if (entries.remove(transactionalId) != null) {
      bytes.addAndGet(-bytes(transactionalId));
    }
  }

  private static int bytes(String transactionalId) {
    return ENTRY_BYTES + 2 * transactionalId.length();
  }

  /**
   * Makes a pending transition durable, and then true.
   *
   * @param then what is done before anybody else sees the new state
   * @throws CoordinatorNotAvailableException it could not be written; the transition is no longer
   *     pending
   */
  <T> T write(
      TransactionEntry entry, TxnTransitMetadata next, Function<TransactionMetadata, T> then)
      throws InterruptedException {
    boolean durable = false;
    try {
      append(entry, TransactionLog.valueToBytes(next, TransactionVersion.LATEST_PRODUCTION));
      durable = true;
    } finally {
      if (!durable) {
        entry.cancel();
      }
    }
    return entry.complete(next, then);
  }

  /** Forgets an id whose end ({@code prepareDead}) is pending, in the log too. */
  void forget(TransactionEntry entry) throws InterruptedException {
    try {
      append(entry, null);
      remove(entry.transactionalId());
    } catch (CoordinatorNotAvailableException e) {
      entry.cancel();
      throw e;
    }
  }

  private void append(TransactionEntry entry, byte @Nullable [] value) throws InterruptedException {
    String id = entry.transactionalId();
    SimpleRecord record =
        new SimpleRecord(clocks.wall().millis(), TransactionLog.keyToBytes(id), value);
    PartitionLog log = topic.partitionOf(id);
    try {
      log.append(List.of(record)).get();
    } catch (ExecutionException e) {
      throw new CoordinatorNotAvailableException(
          "the state of a transaction could not be written", e.getCause());
    }
  }
}
