package io.sluice.log;

import static io.sluice.log.BatchHead.ATTRIBUTES;
import static io.sluice.log.BatchHead.BEFORE_LENGTH;
import static io.sluice.log.BatchHead.CRC;
import static io.sluice.log.BatchHead.LAST_OFFSET_DELTA;
import static io.sluice.log.BatchHead.LENGTH;
import static io.sluice.log.BatchHead.MAGIC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Crc32C;

/**
 * Walks the batches of a segment by their own lengths and checksums, and finds its way again after
 * what is none. Owned by the thread that calls.
 */
final class SegmentScan {

  static final int MIN_BATCH_BYTES = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;

  private static final int WINDOW_BYTES = 1 << 20;

  /**
   * A part of a segment that holds no whole batches, though whole ones follow.
   *
   * @param from its first byte
   * @param to one past its last byte
   * @param firstOffset of the records that must have been there
   * @param nextOffset of the first whole batch behind it
   */
  record Damage(int from, int to, long firstOffset, long nextOffset) {}

  /**
   * What a segment holds.
   *
   * @param damages with whole batches behind them, in their order
   * @param end one past the last whole batch, in bytes
   * @param nextOffset one past the last record
   * @param torn how many bytes follow that are not all zero
   */
  record Found(List<Damage> damages, int end, long nextOffset, int torn) {}

  private final FileChannel file;
  private final int size;
  private final long behind;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
  private int windowStart;

  private SegmentScan(FileChannel file, int size, long behind) {
    this.file = file;
    this.size = size;
    this.behind = behind;
    window.limit(0);
  }

  /**
   * Looks at the first {@code size} bytes.
   *
   * @param behind what no record of the segment reaches
   */
  static Found scan(FileChannel file, int size, long baseOffset, long behind) throws IOException {
    return new SegmentScan(file, size, behind).scan(baseOffset);
  }

  private Found scan(long baseOffset) throws IOException {
    List<Damage> damages = new ArrayList<>();
    int end = 0;
    long next = baseOffset;
    int position = 0;
    while (position < size) {
      if (isWhole(position, next) && isInOrder(position, next)) {
        if (position > end) {
          damages.add(new Damage(end, position, next, offset(position)));
        }
        next = nextOffset(position);
        position = following(position);
        end = position;
      } else if (position == end && zerosTo(position) == size) {
        return new Found(damages, end, next, 0);
      } else {
        position++;
      }
    }
    return new Found(damages, end, next, size - end);
  }

  /** The checksum does not cover a batch's first offset: the batch behind must agree. */
  private boolean isInOrder(int position, long expected) throws IOException {
    if (offset(position) == expected) {
      return true;
    }
    long next = nextOffset(position);
    int following = following(position);
    return !isWhole(following, expected) || offset(following) >= next;
  }

  private long nextOffset(int position) throws IOException {
    return offset(position) + head(position).getInt(at(position) + LAST_OFFSET_DELTA) + 1;
  }

  private int following(int position) throws IOException {
    return position + BEFORE_LENGTH + head(position).getInt(at(position) + LENGTH);
  }

  /** One past the last zero that follows. */
  private int zerosTo(int from) throws IOException {
    int position = from;
    while (position < size && load(position, 1) && window.get(at(position)) == 0) {
      position++;
    }
    return position;
  }

  private boolean isWhole(int position, long expected) throws IOException {
    if (!load(position, DefaultRecordBatch.RECORD_BATCH_OVERHEAD)) {
      return false;
    }
    int start = at(position);
    int length = window.getInt(start + LENGTH);
    long base = window.getLong(start);
    int delta = window.getInt(start + LAST_OFFSET_DELTA);
    if (window.get(start + MAGIC) != RecordBatch.MAGIC_VALUE_V2
        || length < DefaultRecordBatch.RECORD_BATCH_OVERHEAD - BEFORE_LENGTH
        || length > size - position - BEFORE_LENGTH
        || base < expected
        || base - expected > Integer.MAX_VALUE
        || delta < 0
        || base + delta >= behind) {
      return false;
    }
    int bytes = BEFORE_LENGTH + length;
    if (!load(position, bytes)) {
      return false;
    }
    start = at(position);
    long crc = Crc32C.compute(window, start + ATTRIBUTES - window.position(), bytes - ATTRIBUTES);
    return crc == Integer.toUnsignedLong(window.getInt(start + CRC));
  }

  private long offset(int position) throws IOException {
    return head(position).getLong(at(position));
  }

  private ByteBuffer head(int position) throws IOException {
    if (!load(position, DefaultRecordBatch.RECORD_BATCH_OVERHEAD)) {
      throw new IllegalStateException("there was a batch at " + position);
    }
    return window;
  }

  private int at(int position) {
    return position - windowStart;
  }

  /** Brings bytes into the window; false when the segment ends before. */
  private boolean load(int position, int bytes) throws IOException {
    if (position > size - bytes) {
      return false;
    }
    if (position >= windowStart && position + bytes <= windowStart + window.limit()) {
      return true;
    }
    if (window.capacity() < bytes) {
      window = ByteBuffer.allocate(bytes);
    }
    windowStart = position;
    window.clear().limit(Math.min(window.capacity(), size - position));
    while (window.hasRemaining() && file.read(window, position + (long) window.position()) > 0) {
      // A read may bring less than is there.
    }
    window.flip();
    return window.limit() >= bytes;
  }
}
