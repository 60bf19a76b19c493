package io.sluice.broker.subscription;

import io.sluice.log.Fetched;
import io.sluice.log.PartitionLog;
import io.sluice.log.ReadIsolation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.Records;

/** Reads committed records of a partition into memory, without control and aborted records. */
final class RecordReader {

  private static final int CHUNK_BYTES = 64 * 1024;

  /** About what the objects around the bytes take on the heap. */
  private static final int CHUNK_OVERHEAD = 512;

  private static final int RECORD_OVERHEAD = 96;

  private RecordReader() {}

  /**
   * The records from {@code offset} on, of at least one batch; empty at the last stable offset and
   * where retention has just been.
   */
  static RecordChunk read(PartitionLog log, long offset) {
    try {
      return decode(offset, log.read(offset, CHUNK_BYTES, true, ReadIsolation.COMMITTED));
    } catch (OffsetOutOfRangeException e) {
      return new RecordChunk(offset, offset, new Record[0], 0);
    }
  }

  private static RecordChunk decode(long offset, Fetched fetched) {
    MemoryRecords memory = inMemory(fetched.records());
    PriorityQueue<AbortedTransaction> aborted =
        new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    aborted.addAll(fetched.abortedTransactions());
    Set<Long> abortedProducers = new HashSet<>();
    List<Record> records = new ArrayList<>();
    long next = offset;
    for (MutableRecordBatch batch : memory.batches()) {
      next = Math.max(next, batch.nextOffset());
      while (!aborted.isEmpty() && aborted.peek().firstOffset() <= batch.lastOffset()) {
        abortedProducers.add(aborted.poll().producerId());
      }
      if (batch.isControlBatch()) {
        Record marker = batch.iterator().next();
        if (ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT) {
          abortedProducers.remove(batch.producerId());
        }
      } else if (!batch.isTransactional() || !abortedProducers.contains(batch.producerId())) {
        for (Record record : batch) {
          if (record.offset() >= offset) {
            records.add(record);
          }
        }
      }
    }
    return new RecordChunk(
        offset,
        next,
        records.toArray(Record[]::new),
        CHUNK_OVERHEAD + memory.sizeInBytes() + RECORD_OVERHEAD * records.size());
  }

  private static MemoryRecords inMemory(Records records) {
    if (records instanceof MemoryRecords memory) {
      return memory;
    }
    if (!(records instanceof FileRecords file)) {
      throw new IllegalStateException("records neither in memory nor in a file: " + records);
    }
    try {
      ByteBuffer buffer = ByteBuffer.allocate(file.sizeInBytes());
      file.readInto(buffer, 0);
      return MemoryRecords.readableRecords(buffer);
    } catch (IOException e) {
      throw new KafkaStorageException("cannot read " + file.file(), e);
    }
  }
}
