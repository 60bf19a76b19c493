package io.sluice.broker;

import io.sluice.log.AppendSource;
import io.sluice.log.Appended;
import io.sluice.log.DamagedRecordsException;
import io.sluice.log.Fetched;
import io.sluice.log.LogStore;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata journal and the state that it makes: a command decides under the lock, its record is
 * made durable, then applied; opening applies the same records. The lock owns every change.
 */
final class Metadata {

  static final TopicPartition PARTITION = new TopicPartition("__sluice_metadata", 0);

  private static final Logger LOGGER = LoggerFactory.getLogger(Metadata.class);
  private static final Uuid TOPIC_ID = new Uuid(0x736c75696365L, 1);
  private static final int READ_BYTES = 1 << 20;

  /** What is decided at once is one batch, which is there or not: below the greatest one. */
  private static final int DECISION_BYTES = 15 << 20;

  /**
   * One record may hold a source's present filter and {@link SourceFilters#MAX_PAST_LENGTH}. Each
   * is flushed even where the log's others are not, as Kafka does with its own metadata: without
   * them nobody could say what the partitions are that a power failure has left.
   */
  private static final Map<String, String> CONFIGS =
      Map.of(
          "retention.ms",
          "-1",
          "max.message.bytes",
          Integer.toString(16 << 20),
          "flush.messages",
          "1");

  /** The journal is written anew when it holds this many records more than the state needs. */
  private static final int SURPLUS_RECORDS = 10_000;

  private final PartitionLog journal;
  private final MetadataState state = new MetadataState();
  private final ReentrantLock lock = new ReentrantLock();

  /** Owned by {@link #lock}. */
  private long recordsInJournal;

  Metadata(LogStore log) {
    this.journal =
        log.partition(PARTITION).orElseGet(() -> log.create(PARTITION, TOPIC_ID, CONFIGS));
    log.alterConfigs(PARTITION.topic(), CONFIGS);
    long offset = journal.startOffset();
    while (offset < journal.highWatermark()) {
      Fetched fetched = read(offset);
      for (Record record : fetched.records().records()) {
        if (record.offset() >= offset) {
          state.apply(decode(record));
          recordsInJournal++;
          offset = record.offset() + 1;
        }
      }
    }
  }

  private Fetched read(long offset) {
    try {
      return journal.readChecked(offset, READ_BYTES, ReadIsolation.HIGH_WATERMARK);
    } catch (DamagedRecordsException e) {
      // Who goes on without them loses topics and subscriptions, and with them messages to come.
      throw new IllegalStateException(
          "the metadata journal cannot be read: " + e.getMessage() + "; nothing was changed", e);
    }
  }

  private static MetadataRecord decode(Record record) {
    byte[] format = Utils.toNullableArray(record.key());
    if (!Arrays.equals(format, MetadataCodec.FORMAT)) {
      throw new IllegalStateException(
          "the metadata journal was written by a newer Sluice; use that version or a new data"
              + " folder");
    }
    return MetadataCodec.decode(Utils.toArray(record.value()));
  }

  /** What is known now. */
  MetadataState state() {
    return state;
  }

  /** One past the last durable record. */
  long endOffset() {
    return journal.highWatermark();
  }

  /** Runs a command alone: no other changes anything meanwhile. */
  <T> T alone(Supplier<T> command) {
    lock.lock();
    try {
      return command.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a decision durable, all of it or nothing, then applies it. Only one of more than {@link
   * #DECISION_BYTES} may be cut short, by a crash or a full disk: its first records must be such
   * that recovery does the rest.
   */
  void commit(MetadataRecord... records) {
    commit(List.of(records));
  }

  void commit(List<MetadataRecord> records) {
    assert lock.isHeldByCurrentThread();
    append(records, DECISION_BYTES);
    records.forEach(state::apply);
    List<MetadataRecord> needed = recordsInJournal > SURPLUS_RECORDS ? state.snapshot() : List.of();
    if (recordsInJournal - needed.size() > SURPLUS_RECORDS) {
      try {
        rewrite(needed);
      } catch (KafkaStorageException e) {
        // What was decided is on the disk; a later decision tries again.
        LOGGER.warn("the metadata journal was not written anew: {}", e.getMessage());
      }
    }
  }

  /** The state once more at the end of the journal, then the end of everything before it. */
  private void rewrite(List<MetadataRecord> snapshot) {
    long begin = journal.endOffset();
    append(snapshot, READ_BYTES / 2);
    journal.deleteRecordsBefore(begin);
    recordsInJournal = snapshot.size();
  }

  /**
   * Appends in batches below the greatest that a log takes. A snapshot may therefore be torn by a
   * crash, which is harmless: what it repeats is only deleted once all of it is durable.
   */
  private void append(List<MetadataRecord> records, int maxBatchBytes) {
    List<SimpleRecord> batch = new ArrayList<>();
    List<Appended> appended = new ArrayList<>();
    int bytes = 0;
    for (MetadataRecord record : records) {
      byte[] value = MetadataCodec.encode(record);
      if (bytes + value.length > maxBatchBytes && !batch.isEmpty()) {
        appended.add(append(batch.toArray(SimpleRecord[]::new)));
        batch.clear();
        bytes = 0;
      }
      batch.add(new SimpleRecord(MetadataCodec.FORMAT, value));
      bytes += value.length;
    }
    if (!batch.isEmpty()) {
      appended.add(append(batch.toArray(SimpleRecord[]::new)));
    }
    try {
      appended.forEach(each -> each.durable().join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof ApiException cause ? cause : e;
    }
    recordsInJournal += records.size();
  }

  private Appended append(SimpleRecord[] batch) {
    return journal.append(
        MemoryRecords.withRecords(Compression.NONE, batch), AppendSource.COORDINATOR);
  }
}
