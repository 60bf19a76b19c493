package io.sluice.kafka;

import java.nio.ByteBuffer;

/**
 * What a stream of snappy-java says about its size: a header of 16 bytes, then blocks, each with
 * its length in four bytes. A stream without the header is one block. A block begins with the
 * length that it unpacks to (Snappy's format description, "Preamble").
 */
public final class SnappyFrames {

  private static final int HEADER_BYTES = 16;
  private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

  private SnappyFrames() {}

  /**
   * The sum of the lengths that the blocks claim.
   *
   * @throws java.nio.BufferUnderflowException it ends inside a block
   * @throws IllegalArgumentException a length is negative
   */
  public static long claimedBytes(ByteBuffer stream) {
    if (!hasHeader(stream)) {
      return preamble(stream);
    }
    stream.position(stream.position() + HEADER_BYTES);
    long bytes = 0;
    while (stream.hasRemaining()) {
      if (hasHeader(stream)) {
        stream.position(stream.position() + HEADER_BYTES);
        continue;
      }
      int length = stream.getInt();
      if (length < 0) {
        throw new IllegalArgumentException("a block of " + length + " bytes");
      }
      ByteBuffer block = stream.slice(stream.position(), Math.min(length, stream.remaining()));
      bytes += preamble(block);
      stream.position(stream.position() + length);
    }
    return bytes;
  }

  private static boolean hasHeader(ByteBuffer stream) {
    return stream.remaining() >= HEADER_BYTES
        && stream.slice(stream.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  private static long preamble(ByteBuffer block) {
    long length = 0;
    int shift = 0;
    byte next;
    do {
      next = block.get();
      length |= (next & 0x7fL) << shift;
      shift += 7;
    } while (next < 0 && shift < Integer.SIZE);
    return length;
  }
}
