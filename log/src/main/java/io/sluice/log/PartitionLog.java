package io.sluice.log;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * One partition: an append-only sequence of records with consecutive offsets. Safe for use by many
 * threads.
 *
 * <p>Three offsets bound it: {@link #startOffset()} (the first that still exists), {@link
 * #highWatermark()} (the first that a reader must not see yet, because it is not durable) and
 * {@link #endOffset()} (the one that the next append gets). With {@link Durability#OS} the last two
 * are equal.
 */
public interface PartitionLog {

  /** The topic (by its storage name) and the index of this partition. */
  TopicPartition topicPartition();

  /** The id that the topic was created with. */
  Uuid topicId();

  /**
   * Validates the batches, assigns offsets and writes them, in one step and in the order of calls.
   * Returns as soon as the records have their offsets; they may be acknowledged once {@link
   * Appended#durable()} completes. A batch that an idempotent producer sends again is not written
   * twice: the result then names the offsets of the first write.
   *
   * @throws org.apache.kafka.common.errors.CorruptRecordException magic or CRC do not match
   * @throws org.apache.kafka.common.errors.RecordTooLargeException a batch exceeds {@code
   *     max.message.bytes}
   * @throws org.apache.kafka.common.InvalidRecordException single records are at fault, which the
   *     exception names: it is a {@link RejectedRecords}
   * @throws org.apache.kafka.common.errors.InvalidTimestampException likewise, for timestamps that
   *     are out of the topic's range
   * @throws org.apache.kafka.common.errors.InvalidTxnStateException records of a transaction that
   *     is not known here, or whose verification an end of it has outrun
   * @throws org.apache.kafka.common.errors.ApiException any other of Kafka's produce errors: out of
   *     order sequence, fenced producer epoch …
   * @throws org.apache.kafka.common.errors.KafkaStorageException the partition is offline
   */
  default Appended append(MemoryRecords records, AppendSource source) {
    return append(records, source, TransactionAppend.NONE);
  }

  /**
   * Appends records that need no batch of their own, in the order of calls: they may share one with
   * those of other callers, which spares writes, and they may not have their offsets yet on return.
   *
   * @param records of one call stand beside each other; at least one
   * @return completes with the offset of the first record when all are durable, on a thread of the
   *     log: continuations must be short and must not block. Completes with what {@link
   *     #append(MemoryRecords, AppendSource)} throws when these records are at fault, whatever
   *     becomes of those of others
   */
  default CompletableFuture<Long> append(List<SimpleRecord> records) {
    try {
      Appended appended =
          append(
              MemoryRecords.withRecords(Compression.NONE, records.toArray(SimpleRecord[]::new)),
              AppendSource.CLIENT);
      return appended.durable().thenApply(durable -> appended.baseOffset());
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * As {@link #append(MemoryRecords, AppendSource, TransactionAppend)}, but whoever appends must
   * have it flushed: by {@link #startFlush}, or by {@link #flush} when there is nothing better to
   * do than to wait. It may be durable sooner.
   */
  Appended appendUnflushed(
      MemoryRecords records, AppendSource source, TransactionAppend transaction);

  /** As {@link #append(MemoryRecords, AppendSource)}, of records that belong to a transaction. */
  default Appended append(
      MemoryRecords records, AppendSource source, TransactionAppend transaction) {
    Appended appended = appendUnflushed(records, source, transaction);
    startFlush();
    return appended;
  }

  /**
   * Prepares the first records of a producer's transaction in this partition (KIP-890): what the
   * transaction's coordinator is asked after this, and before the append, cannot be outrun by the
   * transaction's end.
   *
   * @param baseSequence of the first of these records
   * @param endsBumpEpoch whether the producer gets a new epoch with each transaction
   * @return what to append them with; empty when the transaction has records here already, so that
   *     nobody has to be asked
   * @throws org.apache.kafka.common.errors.InvalidProducerEpochException a newer producer has
   *     written here
   * @throws org.apache.kafka.common.errors.KafkaStorageException the partition is offline
   */
  Optional<TransactionAppend> startVerification(
      long producerId, short producerEpoch, int baseSequence, boolean endsBumpEpoch);

  /** The producers with an id that have written here lately, as DescribeProducers shows them. */
  List<DescribeProducersResponseData.ProducerState> activeProducers();

  /** Begins to make durable what was appended, and returns at once. */
  default void startFlush() {
    // What append has begun needs nobody to begin it.
  }

  /**
   * Makes durable what was appended on the calling thread, which saves waking another; returns at
   * once where another does so already. {@link Appended#durable} tells of the end and of failures.
   * It holds the carrier of a virtual thread, for which Java adds another: not for many of them.
   */
  default void flush() {
    // What append has begun needs nobody to do it.
  }

  /**
   * Reads whole batches from the one that contains {@code offset}; the first batch may therefore
   * begin below it. Empty when {@code offset} is at the bound that {@code isolation} names.
   *
   * @param maxBytes an upper bound on the bytes returned, but for the first batch, which is always
   *     returned whole when {@code atLeastOneBatch}
   * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException {@code offset} lies before
   *     {@link #startOffset()} or after {@link #endOffset()}
   * @throws DamagedRecordsException what is to be read is damaged; it names the first record that
   *     is whole again
   * @throws org.apache.kafka.common.errors.KafkaStorageException the partition is offline or
   *     deleted
   */
  Fetched read(long offset, int maxBytes, boolean atLeastOneBatch, ReadIsolation isolation);

  /**
   * As {@link #read}, at least one batch, into memory, with checksums that were checked: for who
   * does not hand the bytes to a client that checks them.
   */
  default Fetched readChecked(long offset, int maxBytes, ReadIsolation isolation) {
    return read(offset, maxBytes, true, isolation);
  }

  /** The first offset that still exists. */
  long startOffset();

  /** One past the last durable record: the bound for readers. Never goes back. */
  long highWatermark();

  /**
   * One past the last record that no open transaction may still undo; at most the high watermark.
   */
  long lastStableOffset();

  /** The offset of the next append. */
  long endOffset();

  /** The current leader epoch, 0 on a store that has but one writer. */
  int leaderEpoch();

  /**
   * The first record whose timestamp is at or after {@code timestampMs} (ms since the epoch), below
   * the bound that {@code isolation} names.
   */
  Optional<TimestampedOffset> findByTimestamp(long timestampMs, ReadIsolation isolation);

  /** The record with the greatest timestamp (KIP-734); empty for an empty partition. */
  Optional<TimestampedOffset> findMaxTimestamp();

  /** The end of {@code leaderEpoch} (KIP-101); empty when that epoch is not known here. */
  Optional<EpochEnd> endOffsetForEpoch(int leaderEpoch);

  /**
   * Makes every record below {@code offset} unreadable; their space is reclaimed segment by
   * segment.
   *
   * @return the new {@link #startOffset()}
   * @throws org.apache.kafka.common.errors.OffsetOutOfRangeException when {@code offset} is beyond
   *     the high watermark
   */
  long deleteRecordsBefore(long offset);

  /** Bytes on disk, indexes excluded. */
  long sizeInBytes();

  /**
   * Calls {@code listener} after each advance of the high watermark, of the last stable offset or
   * of the start offset, and when the partition goes offline or is deleted, on whatever thread made
   * it so. The listener must return at once. Waiting readers use {@link ReadSignal} instead.
   */
  void addListener(Runnable listener);

  /** Ends what {@link #addListener} began; nothing happens when it had not. */
  void removeListener(Runnable listener);
}
