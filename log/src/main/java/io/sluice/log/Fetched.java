package io.sluice.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Records;

/**
 * What a read returned.
 *
 * @param records whole batches, in offset order; file-backed, so that they can be sent without a
 *     copy
 * @param highWatermark the partition's high watermark at the time of the read
 * @param lastStableOffset the partition's last stable offset at the time of the read
 * @param startOffset the partition's start offset at the time of the read
 * @param abortedTransactions for {@link ReadIsolation#COMMITTED}, the aborted transactions that
 *     overlap the records; otherwise empty
 */
public record Fetched(
    Records records,
    long highWatermark,
    long lastStableOffset,
    long startOffset,
    List<AbortedTransaction> abortedTransactions) {

  /**
   * The records, read from their file.
   *
   * @throws KafkaStorageException the disk does not give them
   */
  public MemoryRecords inMemory() {
    return switch (records) {
      case MemoryRecords memory -> memory;
      case FileRecords file -> read(file);
      default -> throw new IllegalStateException("neither in memory nor in a file: " + records);
    };
  }

  private static MemoryRecords read(FileRecords file) {
    try {
      ByteBuffer buffer = ByteBuffer.allocate(file.sizeInBytes());
      file.readInto(buffer, 0);
      return MemoryRecords.readableRecords(buffer);
    } catch (IOException e) {
      throw new KafkaStorageException("cannot read " + file.file(), e);
    }
  }
}
