package io.sluice.broker.subscription;

import io.sluice.log.DamagedRecordsException;
import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Reads records of a partition into memory, without control records and, unless they may be seen,
 * aborted ones. Owned by the thread that reads.
 */
final class RecordReader {

  private static final int READ_BYTES = 64 * 1024;

  /**
   * Where a chunk ends, if need be inside a batch: the little that is read may unpack to very much.
   */
  private static final int MAX_UNPACKED_BYTES = 4 << 20;

  /** About what the objects around the bytes take on the heap. */
  private static final int CHUNK_OVERHEAD = 512;

  private static final int RECORD_OVERHEAD = 96;

  private final long offset;
  private final List<Record> records = new ArrayList<>();
  private final PriorityQueue<AbortedTransaction> aborted =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
  private final Set<Long> abortedProducers = new HashSet<>();
  private long next;
  private int unpackedBytes;

  private RecordReader(long offset) {
    this.offset = offset;
    this.next = offset;
  }

  /**
   * The records from {@code offset} on, at least one; empty at the bound of {@code isolation} and
   * where retention has just been; none of those that are damaged.
   *
   * @throws KafkaStorageException the disk does not give them, or gives what are no records
   */
  static RecordChunk read(PartitionLog log, long offset, ReadIsolation isolation) {
    return read(log, offset, READ_BYTES, isolation);
  }

  /** As {@link #read(PartitionLog, long, ReadIsolation)}, but of one batch at most. */
  static RecordChunk readBatch(PartitionLog log, long offset, ReadIsolation isolation) {
    return read(log, offset, 1, isolation);
  }

  private static RecordChunk read(
      PartitionLog log, long offset, int bytes, ReadIsolation isolation) {
    try {
      return new RecordReader(offset).decode(log.readChecked(offset, bytes, isolation));
    } catch (OffsetOutOfRangeException e) {
      return RecordChunk.nothing(offset);
    } catch (DamagedRecordsException e) {
      // The log has said which they are; a queue must not stand before them for ever.
      return new RecordChunk(offset, e.nextOffset(), new Record[0], CHUNK_OVERHEAD);
    } catch (KafkaStorageException e) {
      throw e;
    } catch (KafkaException | IllegalArgumentException | BufferUnderflowException e) {
      throw new KafkaStorageException(
          "the records of " + log.topicPartition() + " at " + offset + " are damaged", e);
    }
  }

  private RecordChunk decode(Fetched fetched) {
    MemoryRecords memory = fetched.inMemory();
    aborted.addAll(fetched.abortedTransactions());
    for (MutableRecordBatch batch : memory.batches()) {
      if (unpackedBytes >= MAX_UNPACKED_BYTES) {
        break;
      }
      decode(batch);
    }
    int bytes =
        CHUNK_OVERHEAD + memory.sizeInBytes() + unpackedBytes + RECORD_OVERHEAD * records.size();
    return new RecordChunk(offset, next, records.toArray(Record[]::new), bytes);
  }

  private void decode(MutableRecordBatch batch) {
    while (!aborted.isEmpty() && aborted.peek().firstOffset() <= batch.lastOffset()) {
      abortedProducers.add(aborted.poll().producerId());
    }
    if (batch.isControlBatch()) {
      Record marker = batch.iterator().next();
      if (ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT) {
        abortedProducers.remove(batch.producerId());
      }
    } else if (!batch.isTransactional() || !abortedProducers.contains(batch.producerId())) {
      unpack(batch);
      return;
    }
    next = Math.max(next, batch.nextOffset());
  }

  private void unpack(MutableRecordBatch batch) {
    try (CloseableIterator<Record> unpacked = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
      while (unpacked.hasNext()) {
        Record record = unpacked.next();
        if (record.offset() >= offset) {
          if (unpackedBytes >= MAX_UNPACKED_BYTES) {
            next = record.offset();
            return;
          }
          records.add(record);
          unpackedBytes += batch.isCompressed() ? record.sizeInBytes() : 0;
        }
      }
    }
    next = Math.max(next, batch.nextOffset());
  }
}
