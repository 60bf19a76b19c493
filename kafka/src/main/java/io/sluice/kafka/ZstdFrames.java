package io.sluice.kafka;

import java.nio.ByteBuffer;

/**
 * How much Zstandard frames can hold, from the headers of their blocks alone (RFC 8878, 3.1): no
 * block unpacks to more than 128 KiB.
 */
final class ZstdFrames {

  private static final int MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int MAX_BLOCK_BYTES = 128 * 1024;
  private static final int RAW = 0;
  private static final int RUN_LENGTH = 1;

  private ZstdFrames() {}

  /**
   * An upper bound on the bytes that the frames unpack to.
   *
   * @param frames little-endian
   * @throws java.nio.BufferUnderflowException they end too early
   * @throws IllegalArgumentException it is not Zstandard
   */
  static long maxBytes(ByteBuffer frames) {
    long bytes = 0;
    while (frames.hasRemaining()) {
      int magic = frames.getInt();
      if ((magic & 0xFFFFFFF0) == SKIPPABLE_MAGIC) {
        skip(frames, Integer.toUnsignedLong(frames.getInt()));
      } else if (magic == MAGIC) {
        bytes += frame(frames);
      } else {
        throw new IllegalArgumentException("not a Zstandard frame");
      }
    }
    return bytes;
  }

  private static long frame(ByteBuffer frames) {
    int descriptor = frames.get();
    boolean singleSegment = (descriptor & 0x20) != 0;
    boolean checksum = (descriptor & 0x04) != 0;
    int dictionaryIdBytes = new int[] {0, 1, 2, 4}[descriptor & 0x03];
    int sizeBytes = new int[] {singleSegment ? 1 : 0, 2, 4, 8}[(descriptor >> 6) & 0x03];
    skip(frames, (singleSegment ? 0 : 1) + dictionaryIdBytes + sizeBytes);
    long bytes = 0;
    boolean last;
    do {
      int header = (frames.get() & 0xff) | (frames.get() & 0xff) << 8 | (frames.get() & 0xff) << 16;
      last = (header & 1) != 0;
      int type = (header >> 1) & 3;
      int size = header >> 3;
      bytes += type == RAW || type == RUN_LENGTH ? size : MAX_BLOCK_BYTES;
      skip(frames, type == RUN_LENGTH ? 1 : size);
    } while (!last);
    skip(frames, checksum ? Integer.BYTES : 0);
    return bytes;
  }

  private static void skip(ByteBuffer frames, long bytes) {
    if (bytes > frames.remaining()) {
      throw new IllegalArgumentException("the frame ends too early");
    }
    frames.position(frames.position() + (int) bytes);
  }
}
