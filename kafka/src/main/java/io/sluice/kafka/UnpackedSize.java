package io.sluice.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Bounds what a compressed batch unpacks to, since a queue that reads the topic unpacks it in this
 * process: a kilobyte of Zstandard may hold a hundred megabytes, and a Snappy block of ten bytes
 * may claim two gigabytes. A bound that is read off the compressed form lets nearly every batch
 * pass; only what exceeds it is unpacked, piece by piece, and counted.
 */
final class UnpackedSize {

  /** A batch may hold what a request may: the default of {@code socket.request.max.bytes}. */
  static final int MAX_BYTES = 100 * 1024 * 1024;

  /** The best that Deflate can do (zlib, "Maximum Compression Factor"). */
  private static final int GZIP_RATIO = 1032;

  /** The best that LZ4 can do: each further byte of a match's length stands for 255. */
  private static final int LZ4_RATIO = 255;

  private static final int PIECE_BYTES = 64 * 1024;

  private UnpackedSize() {}

  /**
   * Checks the one batch of {@code records}, which is in format 2.
   *
   * @throws RecordTooLargeException it holds, or claims to hold, more than {@link #MAX_BYTES};
   *     Kafka's producer then sends it in parts
   * @throws CorruptRecordException it is not compressed as it says, or it seems to hold more and
   *     its checksum is wrong
   */
  static void check(MemoryRecords records) {
    DefaultRecordBatch batch = (DefaultRecordBatch) records.batches().iterator().next();
    if (!batch.isCompressed() || bound(batch, payload(records, batch)) <= MAX_BYTES) {
      return;
    }
    batch.ensureValid();
    if (batch.compressionType() == CompressionType.SNAPPY || holdsMore(batch)) {
      throw new RecordTooLargeException(
          "a batch of %d bytes unpacks to more than %d bytes"
              .formatted(batch.sizeInBytes(), MAX_BYTES));
    }
  }

  private static ByteBuffer payload(MemoryRecords records, RecordBatch batch) {
    ByteBuffer all = records.buffer();
    int start = all.position() + DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
    int end = all.position() + batch.sizeInBytes();
    return all.slice(start, end - start);
  }

  /** At most so many bytes. */
  private static long bound(RecordBatch batch, ByteBuffer payload) {
    try {
      return switch (batch.compressionType()) {
        case NONE -> payload.remaining();
        case GZIP -> (long) payload.remaining() * GZIP_RATIO;
        case LZ4 -> (long) payload.remaining() * LZ4_RATIO;
        case SNAPPY -> SnappyFrames.claimedBytes(payload);
        case ZSTD -> ZstdFrames.maxBytes(payload.order(ByteOrder.LITTLE_ENDIAN));
      };
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new CorruptRecordException("not the compression that the batch names", e);
    }
  }

  private static boolean holdsMore(DefaultRecordBatch batch) {
    byte[] piece = new byte[PIECE_BYTES];
    long bytes = 0;
    try (InputStream unpacked = batch.recordInputStream(BufferSupplier.NO_CACHING)) {
      for (int read = 0; read >= 0 && bytes <= MAX_BYTES; read = unpacked.read(piece)) {
        bytes += read;
      }
      return bytes > MAX_BYTES;
    } catch (IOException | KafkaException e) {
      throw new InvalidRecordException("the batch cannot be unpacked", e);
    }
  }
}
